/* base/banned.h - functions that do not compile here, and what to use instead.
 * Included by job.h, so everywhere.  The headers that declare them come first. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(f) sorry_##f##_is_a_banned_function

#undef strcpy /* job_copy, snprintf */
#define strcpy(to, from) BANNED(strcpy)
#undef strcat
#define strcat(to, from) BANNED(strcat)
#undef strncpy
#define strncpy(to, from, n) BANNED(strncpy)
#undef strncat
#define strncat(to, from, n) BANNED(strncat)
#undef sprintf /* snprintf, job_format */
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef strtok /* base/text.h */
#define strtok(s, by) BANNED(strtok)
#undef localtime /* the clock comes with the job; base/date.h */
#define localtime(t) BANNED(localtime)
#undef gmtime
#define gmtime(t) BANNED(gmtime)
#undef mktime
#define mktime(t) BANNED(mktime)
#undef ctime
#define ctime(t) BANNED(ctime)
#undef asctime
#define asctime(t) BANNED(asctime)
#undef gets
#define gets(s) BANNED(gets)
#undef system
#define system(s) BANNED(system)
#undef alloca
#define alloca(n) BANNED(alloca)
#undef rand /* base/random.h */
#define rand() BANNED(rand)
#undef srand
#define srand(n) BANNED(srand)
#undef atoi /* text_to_int() */
#define atoi(s) BANNED(atoi)
#undef atol
#define atol(s) BANNED(atol)
#undef atof
#define atof(s) BANNED(atof)
