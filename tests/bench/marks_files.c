/* marks_files FOLDER PUPILS [strings]: registers of an invented authority for the bench,
 * written fast: a school year as one row a mark (daily.csv, by day as a nightly export adds
 * them up), the same as strings (year.csv), and the first week of the next year (week.csv),
 * with the term dates; "strings": without the rows.  Prints how many marks and pupils. */
#include "base/date.h"
#include "base/random.h"
#include "people/upn.h"
#include <unistd.h>

enum { SCHOOLS = 139, YEAR = 2023, DAYS = 366, FIRST_URN = 900000 };

struct pupil {
    char upn[UPN_SIZE];
    int urn;
    int ill;      /* days left of an illness */
    int weight;   /* how often absent, per 1,000 days */
    char day[DAYS][2];
};

static bool
is_open(int32_t d)
{
    int32_t year = date_from_ymd(YEAR, 8, 1), n = d - year;
    bool holiday = n < 34 || (n >= 84 && n < 91) || (n >= 141 && n < 157) ||
                   (n >= 196 && n < 203) || (n >= 241 && n < 256) || (n >= 301 && n < 308) ||
                   n >= 358;

    return !holiday && date_weekday(d) < 5;
}

static void
one_day(struct random *r, struct pupil *p, char *to)
{
    static const char rare[] = "MCOUBGELVN";
    unsigned u = (unsigned)random_below(r, 1000);

    to[0] = '/';
    to[1] = '\\';
    if (p->ill) {
        p->ill--;
        to[0] = to[1] = 'I';
    } else if (u < (unsigned)p->weight) {
        p->ill = (int)random_below(r, 4);
        to[0] = to[1] = 'I';
    } else if (u < (unsigned)p->weight + 30) {
        to[u % 2] = rare[random_below(r, sizeof rare - 1)];
    }
}

static void
invent(struct pupil *p, int n)
{
    struct random r = random_stream(11, (uint64_t)n, 0);
    char upn[64];

    snprintf(upn, sizeof upn, "?001%04d%02d%03d", 4000 + n / 90000, 10 + n / 1000 % 90, n % 1000);
    upn_set_letter(upn);
    *p = (struct pupil){.urn = FIRST_URN + n % SCHOOLS, .weight = 5 + (int)random_below(&r, 30)};
    memcpy(p->upn, upn, UPN_SIZE);
    for (int d = 0; d < DAYS; d++) {
        if (is_open(date_from_ymd(YEAR, 8, 1) + d))
            one_day(&r, p, p->day[d]);
        else
            memcpy(p->day[d], "##", 2);
    }
}

static FILE *
open_file(const char *folder, const char *name)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "w");
    if (!f)
        exit(1);
    setvbuf(f, NULL, _IOFBF, 1 << 20);
    return f;
}

static long
write_day(FILE *f, const struct pupil *all, int n, int d, int32_t date, int32_t extracted)
{
    char on[DATE_TEXT], out[DATE_TEXT];
    long rows = 0;

    date_iso(date, on);
    date_iso(extracted, out);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2; k++, rows++)
            fprintf(f, "%s,%d,%s,%s,%c,%s,%s\n", all[i].upn, all[i].urn, on, k ? "PM" : "AM",
                    all[i].day[d][k], all[i].day[d][k] == 'L' ? "7" : "", out);
    return rows;
}

static void
write_terms(const char *folder)
{
    FILE *f = open_file(folder, "terms.csv");
    char from[DATE_TEXT];

    fputs("URN,StartDate,EndDate,Kind,Note\n", f);
    for (int y = YEAR; y <= YEAR + 1; y++)
        for (int32_t d = date_from_ymd(y, 8, 1); d < date_from_ymd(y + 1, 8, 1); d++)
            if (y == YEAR ? is_open(d) : date_weekday(d) < 5 && d > date_from_ymd(y, 9, 1))
                fprintf(f, ",%s,%s,term,\n", date_iso(d, from), date_iso(d, from));
    fclose(f);
}

int
main(int argc, char **argv)
{
    static const char head[] = "UPN,SchoolURN,Date,Session,Mark,MinutesLate,Extracted\n";
    int n = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 50000;
    int32_t first = date_from_ymd(YEAR, 8, 1), next = date_from_ymd(YEAR + 1, 9, 2);
    struct pupil *all;
    FILE *daily, *year, *week;
    long rows = 0;

    if (argc < 2 || !(all = calloc((size_t)n, sizeof *all)))
        return 1;
    write_terms(argv[1]);
    daily = open_file(argv[1], "daily.csv");
    year = open_file(argv[1], "year.csv");
    week = open_file(argv[1], "week.csv");
    fputs(head, daily);
    fputs(head, week);
    fputs("UPN,SchoolURN,StartDate,Marks,Extracted\n", year);
    for (int i = 0; i < n; i++) {
        invent(&all[i], i);
        fprintf(year, "%s,%d,%d-08-01,%.*s,%d-07-25\n", all[i].upn, all[i].urn, YEAR, 2 * DAYS,
                all[i].day[0], YEAR + 1);
    }
    for (int d = 0; d < DAYS; d++)
        if (is_open(first + d) && argc > 3)
            rows += 2L * n;
        else if (is_open(first + d))
            rows += write_day(daily, all, n, d, first + d, date_from_ymd(YEAR + 1, 7, 25));
    for (int d = 0; d < 5; d++)
        write_day(week, all, n, 40 + d, next + d, next + 5);
    fclose(daily);
    fclose(year);
    fclose(week);
    printf("{\"marks\":%ld,\"pupils\":%d}\n", rows, n);
    return 0;
}
