/* cli/sandbox.h - what the kernel does for this program from here on, and what no more.
 *
 * An allow-list (seccomp) for all threads: files, memory, threads, connections as pages, loads and
 * mail need them.  No new program, no other process, no strange kind of socket, no memory that is
 * both written and run.  What is not on the list fails with EPERM; the calls that only an intruder
 * makes (execve, ptrace, mount …) end the process.  It cannot be taken back. */
#pragma once
#include "base/job.h"

/* After the last thing that wants more: starting pg_dump, binding a port.  Does nothing in builds
 * with sanitizers, whose leak check traces its own threads.  ERR_ENV: the kernel has no seccomp. */
MUST_CHECK enum err sandbox_enter(struct job *j);
bool sandbox_is_built(void); /* false: a build with sanitizers */
