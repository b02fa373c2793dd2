"""Reads a vault, written from docs/spec/vault-file.md alone ("§" below is a section of it).

    python read_vault.py [--recovery] VAULT SECRET_FILE

VAULT is a vault's folder or a backup. The first line of SECRET_FILE is the passphrase (or the recovery code). Prints one JSON object per record, then one per
ledger entry. Needs Python 3.11 and PyNaCl. It writes nothing but what SQLite keeps beside a database in WAL mode.
"""
import fcntl, hmac, json, os, re, sqlite3, stat, sys
from hashlib import blake2b
from urllib.parse import quote
from nacl import bindings as sodium
from nacl.exceptions import CryptoError

KINDS = ("relationship holding item version terms offer grant revocation request bundle disclosure signing-key "
         "company-keys directory-record letter backup message follow-up - - note field-mapping contradiction intent "
         "intent-key bid posting").split()                                                          # §5, from 1
SCHEMA = [                                                                                          # §3
    ("obj", "CREATE TABLE obj(oid BLOB NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, hdr BLOB NOT NULL, "
            "body BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    ("key", "CREATE TABLE key(kid BLOB NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    ("bi", "CREATE TABLE bi(tag BLOB NOT NULL PRIMARY KEY, ref BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    ("log", "CREATE TABLE log(dev BLOB NOT NULL, seq INTEGER NOT NULL, hdr BLOB NOT NULL, c BLOB NOT NULL, ct BLOB, "
            "h BLOB NOT NULL, PRIMARY KEY(dev, seq)) STRICT, WITHOUT ROWID"),
    ("head", "CREATE TABLE head(one INTEGER NOT NULL PRIMARY KEY CHECK(one = 1), sealed BLOB NOT NULL) STRICT")]
BACKUP = ("header", "CREATE TABLE header(one INTEGER NOT NULL PRIMARY KEY CHECK(one = 1), text BLOB NOT NULL) STRICT")  # §10
SLOT = re.compile(r"slot (?:(passphrase) ([0-9a-f]{16}) (argon2id,t=([1-9][0-9]*),m=([1-9][0-9]*),p=1)|(recovery) "
                  r"([0-9a-f]{16}) (blake2b)) ([0-9a-f]{32}) ([0-9a-f]{64}) ([0-9a-f]{144})")       # §2


class VaultError(Exception):
    """The vault, or the secret, is not what the specification says it is."""


def need(condition, what):
    if not condition:
        raise VaultError(what)


def digest(data, key=b"", size=32):
    return blake2b(data, digest_size=size, key=key).digest()


def n(x):                                                                                           # §4
    return x.to_bytes(8, "little", signed=True)


def var(x):
    return len(x).to_bytes(4, "little") + x


def unseal(sealed, key, place, what):                                        # nonce ‖ ciphertext ‖ tag, see the top
    need(len(sealed) >= 40, f"{what}: too short")
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], place, sealed[:24], key)
    except CryptoError:
        raise VaultError(f"{what}: does not open") from None


def unpad(padded, what):                                                     # §4, padding
    size = 4 + int.from_bytes(padded[:4], "little")
    if size <= 1024:
        full = -(-size // 128) * 128
    else:
        e = size.bit_length() - 1
        step = 1 << (e - e.bit_length())                                     # ⌊log2 e⌋ + 1 is e's bit length
        full = -(-size // step) * step
    need(len(padded) == full and not any(padded[size:]), f"{what}: padding")
    return padded[4:size]


def strict_json(data, what):                                                 # §5: RFC 8259, UTF-8, strict
    def pairs(items):
        need(len(dict(items)) == len(items), f"{what}: a name twice")
        return dict(items)

    def constant(name):
        raise ValueError(name)
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)
    except ValueError:
        raise VaultError(f"{what}: no JSON") from None
    need(isinstance(value, dict), f"{what}: no object")
    return value


def recovery_bytes(code):                                                    # §9
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    letters = re.sub("[- ]", "", code).upper().translate(str.maketrans("OIL", "011"))
    need(len(letters) == 40, "recovery code: its length")
    bits = 0
    for g in range(8):
        group = letters[5 * g:5 * g + 5]
        values = [alphabet.find(letter) for letter in group[:4]]
        need(min(values) >= 0, f"recovery code: group {g + 1}")
        check = sum(a * v for a, v in zip((2, 3, 4, 5), values)) + 7 * (g + 1)
        need((alphabet + "*~$=U")[check % 37] == group[4], f"recovery code: group {g + 1}")
        for v in values:
            bits = bits << 5 | v
    return bits.to_bytes(20, "big")


class Vault:
    def __init__(self, path, secret, kind):
        self._read(path)
        self._open_header(secret, kind)
        self.sub = [blake2b(digest_size=32, key=self.master, salt=i.to_bytes(16, "little"), person=b"vrmvault" + bytes(8))
                    .digest() for i in range(10)]                             # §3; number 0 is not used
        mac = digest(self.header[:self.header.rindex(b"mac ")], self.sub[1])
        need(hmac.compare_digest(mac, self.mac), "header: mac")
        self._open_head()
        self._sums()

    def place(self, number, rest=b""):                                       # §4
        return b"vrmvault/1" + self.id + bytes([number]) + rest

    def _read(self, path):                                                   # §1; everything, at one moment
        if os.path.isfile(path):                                             # §10
            self._read_tables(path, SCHEMA + [BACKUP])
            return
        info = os.lstat(path)
        need(stat.S_ISDIR(info.st_mode) and stat.S_IMODE(info.st_mode) == 0o700, "the folder's type or permissions")
        for name in ("header", "lock", "store.db", "store.db-wal", "store.db-shm"):
            try:
                info = os.lstat(os.path.join(path, name))
            except FileNotFoundError:
                need("-" in name, f"{name} is missing")
                continue
            need(stat.S_ISREG(info.st_mode) and stat.S_IMODE(info.st_mode) == 0o600, f"{name}: type or permissions")
        with open(os.path.join(path, "lock"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            with open(os.path.join(path, "header"), "rb") as file:
                self.header = file.read(65537)
            self._read_tables(os.path.join(path, "store.db"), SCHEMA)

    def _read_tables(self, path, wanted):
        db = sqlite3.connect("file:" + quote(os.path.abspath(path)) + "?mode=ro", uri=True, isolation_level=None)
        try:
            db.execute("BEGIN")
            schema = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid").fetchall()
            need(schema == [("table", name, name, sql) for name, sql in wanted], "schema")
            self.obj, self.key, self.bi, self.log, self.head_rows, *header = (
                db.execute(f"SELECT * FROM {name}").fetchall() for name, _ in wanted)
            if header:
                ((_, self.header),) = header[0]
        except sqlite3.Error as error:
            raise VaultError(f"{os.path.basename(path)}: {error}") from None
        finally:
            db.close()

    def _open_header(self, secret, kind):                                    # §2
        first = re.match(rb"vrmvault ([1-9][0-9]*)\n", self.header)
        need(first, "header: no vault")
        need(first[1] == b"1", "header: a newer format")
        need(len(self.header) <= 65536 and self.header.isascii(), "header: too long, or not ASCII")
        lines = self.header.decode("ascii").split("\n")
        whole = re.fullmatch(r"vrmvault 1\nid ([0-9a-f]{32})\ngeneration ([1-9][0-9]*)\n(?:slot [^\n]*\n){1,16}"
                             r"mac ([0-9a-f]{64})\n", self.header.decode("ascii"))
        need(whole, "header: its lines")
        self.id, self.generation, self.mac = bytes.fromhex(whole[1]), int(whole[2]), bytes.fromhex(whole[3])
        self.master = None
        for line in lines[3:-2]:
            slot = SLOT.fullmatch(line)
            need(slot, "header: a slot")
            if (slot[1] or slot[6]) != kind or self.master:
                continue
            slot_id, (salt, commitment, sealed) = bytes.fromhex(slot[2] or slot[7]), map(bytes.fromhex, slot.groups()[8:])
            if kind == "passphrase":
                t, m = int(slot[4]), int(slot[5])
                need(2 <= t <= 10 and 65536 <= m <= 4194304, "header: the cost of a slot")
                okm = sodium.crypto_pwhash_alg(64, secret, salt, t, m * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13)
            else:
                okm = digest(self.place(13, salt) + recovery_bytes(secret.decode("ascii")), size=64)
            rest = slot_id + var(kind.encode()) + var((slot[3] or slot[8]).encode())
            if hmac.compare_digest(digest(self.place(1, rest), okm[32:]), commitment):
                self.master = unseal(sealed, okm[:32], self.place(2, rest), "master key")
        need(self.master, f"this {kind} opens no slot")

    def _open_head(self):                                                    # §7
        need(len(self.head_rows) == 1, "head: one row")
        self.sealed_head = self.head_rows[0][1]
        head = unseal(self.sealed_head, self.sub[7], self.place(10), "head")
        self.counter, generation, *self.rows = (int.from_bytes(head[i:i + 8], "little") for i in range(0, 40, 8))
        self.pending, logs = head[40], int.from_bytes(head[41:45], "little")
        need(self.pending <= 1 and len(head) == 45 + 56 * logs + 32768, "head: its length")
        self.logs = {}
        for at in range(45, 45 + 56 * logs, 56):
            self.logs[head[at:at + 16]] = int.from_bytes(head[at + 16:at + 24], "little"), head[at + 24:at + 56]
        need(len(self.logs) == logs, "head: a log twice")
        self.sums = [int.from_bytes(head[at:at + 32], "little") for at in range(45 + 56 * logs, len(head), 32)]
        need(self.generation in (generation, generation + 1), "header: not the generation of the head")

    def _sums(self):                                                         # §7, buckets
        need([len(self.obj), len(self.key), len(self.bi)] == self.rows, "head: the number of rows")
        sums = [0] * 1024
        for row_class, rows in ((1, [(oid, rev, hdr) for oid, rev, hdr, _ in self.obj]),
                                (2, [(kid, 0, wrapped) for kid, wrapped in self.key]),
                                (3, [(tag, 0, ref) for tag, ref in self.bi])):
            for name, rev, sealed in rows:
                need(len(name) == (32 if row_class == 3 else 16) and len(sealed) >= 40, "a row's lengths")
                element = digest(self.place(11, bytes([row_class]) + name + n(rev) + sealed[-16:]), self.sub[8])
                sums[name[0] << 2 | name[1] >> 6] += int.from_bytes(element, "little")
        wrong = [b for b in range(1024) if sums[b] % (1 << 256) != self.sums[b]]
        need(not wrong, f"buckets {wrong}: rows were changed")

    def keys(self):                                                          # §3, kid: key
        keys = {kid: unseal(wrapped, self.sub[2], self.place(3, kid), f"key {kid.hex()}") for kid, wrapped in self.key}
        need(all(len(key) == 32 for key in keys.values()), "a wrapped key's length")
        return keys

    def records(self):                                                       # §5
        keys = self.keys()
        for oid, rev, hdr, body in self.obj:
            what = f"record {oid.hex()}"
            need(len(body) >= 40 and rev >= 1, what)
            meta = unpad(unseal(hdr, self.sub[3], self.place(5, oid + n(rev) + body[:24] + body[-16:]), what), what)
            need(oid == digest(self.place(14, meta[:16]), self.sub[9], size=16), f"{what}: another record's row")
            name, meta = meta[:16], meta[16:]
            kind, kid = int.from_bytes(meta[:2], "little"), meta[3:19]
            size, title = int.from_bytes(meta[27:31], "little"), meta[35:]
            need(1 <= kind <= len(KINDS) and KINDS[kind - 1] != "-" and meta[2] == 0 and meta[31:35] == var(title)[:4], f"{what}: header")
            need(kid in keys, f"{what}: its key is gone")
            content = unpad(unseal(body, keys[kid], self.place(4, oid + n(rev) + kid), what), what)
            need(len(content) == size <= 1 << 20, f"{what}: length")
            yield {"oid": name.hex(), "row": oid.hex(), "rev": rev, "kind": KINDS[kind - 1], "kid": kid.hex(),
                   "written": int.from_bytes(meta[19:27], "little", signed=True),
                   "title": title.decode("utf-8"), "body": strict_json(content, what)}

    def ledger(self):                                                        # §6, in the order of the chain
        keys, chain = self.keys(), {dev: (0, digest(self.place(12, dev))) for dev in self.logs}
        for dev, seq, hdr, c, ct, h in sorted(self.log, key=lambda row: row[:2]):
            what = f"entry {seq}"
            need(dev in chain and seq == chain[dev][0] + 1, f"{what}: not the next of its log")
            link = digest(chain[dev][1] + dev + n(seq) + digest(hdr) + c)
            need(link == h, f"{what}: the chain is broken")
            chain[dev] = seq, link
            meta = unpad(unseal(hdr, self.sub[6], self.place(8, dev + n(seq)), what), what)
            kid, count = meta[:16], int.from_bytes(meta[24:28], "little")
            need(len(meta) == 28 + 24 * count, f"{what}: header")
            written = [{"oid": meta[at:at + 16].hex(), "rev": int.from_bytes(meta[at + 16:at + 24], "little")}
                       for at in range(28, len(meta), 24)]
            entry = None                                                     # its company was forgotten, and the key
            need((ct is not None) == (kid in keys), f"{what}: emptied, or its key is gone")
            if ct is not None:
                content = unpad(unseal(ct, keys[kid], self.place(9, dev + n(seq) + kid), what), what)
                need(len(content) >= 32 and digest(content) == c, f"{what}: the commitment")
                entry = strict_json(content[32:], what)
            yield {"dev": dev.hex(), "seq": seq, "kid": kid.hex(),
                   "time": int.from_bytes(meta[16:24], "little", signed=True), "written": written, "entry": entry}
        need(chain == self.logs, "the log does not end where the head says")

    def index(self):                                                         # §5, tag: what it refers to
        return {tag: unseal(ref, self.sub[5], self.place(7, tag), "index") for tag, ref in self.bi}

    def find(self, number, value):                                           # §5, what is filed under a value
        index, found = self.index(), []
        while True:
            rest = bytes([number]) + var(value) + n(len(found))
            tag = digest(self.place(6, rest), self.sub[4])
            if tag not in index:
                return found
            found.append(index[tag])

    def check(self):
        """Opens everything; the first thing that does not fit is raised as VaultError."""
        ids, kids = {bytes.fromhex(record["oid"]) for record in self.records()}, {row[0] for row in self.key}
        need(all(ref in ids or ref in kids for ref in self.index().values()), "index: refers to nothing")
        left = {}                                                            # what the log says is there, §6
        for entry in self.ledger():
            left.update((written["oid"], written["rev"]) for written in entry["written"])
        there = {record["oid"]: record["rev"] for record in self.records()}
        need({oid: rev for oid, rev in left.items() if rev} == there, "the records are not those of the log")

    def check_seen(self, text):                                              # §8, the file outside the vault
        seen = re.fullmatch(r"vrmseen 1\ncounter ([0-9]+)\nhead ([0-9a-f]{64})\n", text)
        need(seen, "last seen: its lines")
        need(self.counter >= int(seen[1]), "an older copy was put back")
        need(self.counter > int(seen[1]) or digest(self.sealed_head).hex() == seen[2], "a copy that went its own way")


def open_vault(path, secret, kind="passphrase"):
    """The vault in a folder or a backup, opened by the bytes of its passphrase, or of its recovery code with kind="recovery"."""
    return Vault(os.fspath(path), secret, kind)


def main(arguments):
    recovery = "--recovery" in arguments
    folder, secret_file = [a for a in arguments if a != "--recovery"]
    with open(secret_file, "rb") as file:
        secret = file.readline().removesuffix(b"\n")
    try:
        vault = open_vault(folder, secret, "recovery" if recovery else "passphrase")
        vault.check()
        for item in (*vault.records(), *vault.ledger()):
            print(json.dumps(item, ensure_ascii=False))
    except VaultError as error:
        sys.exit(f"read_vault: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
