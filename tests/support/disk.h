/* tests/support/disk.h - a disk that fails, for SQLite: the Nth write, and how. */
#pragma once

enum disk_fault {
    DISK_FULL,   /* this write and all after it: SQLITE_FULL */
    DISK_BROKEN, /* the same with SQLITE_IOERR */
    DISK_KILL,   /* the process dies at this write, as by kill -9 */
};
/* From here on the nth write, truncation or sync of any database file fails; 0: none.
 * Of connections opened after the first call; per thread. */
void disk_fault(int nth, enum disk_fault how);
/* Did it come to that? */
int disk_failed(void);
