/* returns/cut_short.h - a file that loses its end while it is read does not end the program.
 *
 * A file is mapped, not copied.  When somebody cuts it short meanwhile, the kernel answers the
 * touch of what is gone with a signal.  Once this is called, what is gone reads as zeros: its
 * reader fails, or ends, and returns_still() then says what happened, so that this file is
 * refused and all others are read.  Only private, read-only maps of files that hold no program
 * are answered so, which is how this room maps; any other such signal ends the program. */
#pragma once

/* Of the whole process; called by the verb that loads. */
void returns_outlive_cuts(void);
