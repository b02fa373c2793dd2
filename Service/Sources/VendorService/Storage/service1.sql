-- The tables of vrm-vendor-serve, the same in SQLite and PostgreSQL. Times are seconds since 1970.

-- docs/spec/bundle.md §7: small JSON values under a part and the digest of a name.
CREATE TABLE memory (
    part TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    forget_at BIGINT,
    PRIMARY KEY (part, name)
);
CREATE INDEX memory_by_end ON memory (forget_at) WHERE forget_at IS NOT NULL;

-- Open intents. The id of every bundle is its s256, so that nobody can take another's place by its jti.
CREATE TABLE intents (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    category TEXT NOT NULL,
    region TEXT NOT NULL,
    title TEXT NOT NULL,
    ends BIGINT NOT NULL,
    bundle TEXT NOT NULL
);
CREATE INDEX intents_by_category ON intents (category, id);
CREATE INDEX intents_by_end ON intents (ends);

-- Offers made here: what a presentation must answer, and what an award refers to.
CREATE TABLE offers (
    id TEXT NOT NULL PRIMARY KEY,
    intent TEXT NOT NULL,
    person TEXT NOT NULL,
    nonce TEXT NOT NULL UNIQUE,
    forget_at BIGINT NOT NULL,
    bundle TEXT NOT NULL
);
CREATE INDEX offers_by_end ON offers (forget_at);

-- Everything else that persons sent to the company, and the last receipt for what is answered with one.
CREATE TABLE bundles (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    received BIGINT NOT NULL,
    forget_at BIGINT NOT NULL,
    bundle TEXT NOT NULL,
    receipt TEXT,
    seq BIGINT NOT NULL
);
CREATE INDEX bundles_by_issuer ON bundles (issuer);
CREATE INDEX bundles_by_state ON bundles (state, type, id);
CREATE INDEX bundles_by_end ON bundles (forget_at);

CREATE TABLE format (number BIGINT NOT NULL);
INSERT INTO format VALUES (1);
