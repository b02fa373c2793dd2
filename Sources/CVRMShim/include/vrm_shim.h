#ifndef VRM_SHIM_H
#define VRM_SHIM_H
// What Swift cannot call by itself: variadic functions and macros with casts.
#include <sqlite3.h>

/// No core dumps of this process, and no reading of its memory by the same user. 0 or -1.
int vrm_process_not_dumpable(void);
/// What `ps -e` calls this process, 15 bytes at most. 0 or -1.
int vrm_process_name(const char *name);
/// SQLITE_DBCONFIG_DEFENSIVE on, TRUSTED_SCHEMA off, NO_CKPT_ON_CLOSE on. An SQLite result code.
int vrm_sqlite_harden(sqlite3 *db);
/// sqlite3_bind_blob64 with SQLITE_TRANSIENT: SQLite copies the bytes.
int vrm_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, unsigned long long count);
/// renameat2(RENAME_NOREPLACE): 0, or -1 with errno (EEXIST when `to` is there).
int vrm_rename_new(const char *from, const char *to);
/// memmem, which is hidden behind _GNU_SOURCE: where `part` begins in `whole`, or NULL.
const void *vrm_memmem(const void *whole, unsigned long count, const void *part, unsigned long length);
/// renameat2(RENAME_EXCHANGE): both names stay, each with the other's content. 0, or -1 with errno.
int vrm_rename_exchange(const char *from, const char *to);
/// The user at the other end of a Unix socket (SO_PEERCRED). 0, or -1 with errno.
int vrm_peer_uid(int socket, unsigned *uid);
/// A descriptor that is readable once SIGHUP, SIGTERM or SIGINT arrived; they end nothing by themselves any more. -1 with errno.
int vrm_end_signals(void);
/// Starts this program again in a session of its own, in /, with nothing open but `in` as 3 and `out` as 4, both above 4.
/// 0, or -1 with errno.
int vrm_spawn_apart(char *const words[], char *const environment[], int in, int out);
#endif
