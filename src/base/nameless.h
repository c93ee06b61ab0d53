/* base/nameless.h - a file that has no name: it is gone with the program, however that ends. */
#pragma once

/* Opened to read and write, by nobody but its owner.  folder NULL: that for temporary files
 * (TMPDIR, else /var/tmp, else /tmp: on a disk rather than in memory where there is a choice).
 * Below 0: there is none that can be written; errno says why. */
int nameless_open(const char *folder);
