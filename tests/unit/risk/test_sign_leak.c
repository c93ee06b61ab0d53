/* The invented authority, loaded in two parts: what signs see of a day in the first part is
 * the same when the second, a year of later files, has been loaded too. */
#include "../timeline/built.h"
#include "intake/load.h"
#include "risk/sign_past.h"
#include "synth/synth.h"
#include <stdio.h>
#include <sys/stat.h>

static const char *const later[] = {
    "census/2025-spring", "census/2025-summer", "census/2025-autumn", "cin/cin-2024-25.xml",
    "leavers/leavers-2024-25.csv", "leavers/leavers-2025-26.csv",
    "register-entries/entries-2024-25.csv", "register-entries/entries-2025-26.csv",
    "registers/2025-26.csv", "registers/2025-26-other-codes.csv",
    "suspensions/notifications-2025-autumn.csv",
};

static void
load_all(struct job *j, const char *folder)
{
    struct load_options options = {.loaded_by = "test"};
    struct load_result loaded;

    assert_ok(j, load(j, &folder, 1, &options, &loaded));
    for (size_t i = 0; i < loaded.n_batches; i++)
        if (loaded.batch[i].outcome == LOAD_REFUSED)
            fail_msg("%s: %s", loaded.batch[i].title, loaded.batch[i].message);
}

/* Forty Sundays of 2024. */
static struct past
looked(struct job *j, const struct sign_pack *pack, const char *columns)
{
    struct timeline_order now = {.as_of = j->today, .known_at = INT64_MAX};
    struct marks_order weeks = {j->today, INT64_MAX, false, DATE_NONE, DATE_NONE};
    struct past p = {.dates = {day(2024, 1, 7), day(2024, 10, 6), day(2025, 10, 6), 40, 2023, 2},
                     .pack = pack};
    struct timeline *t;
    struct marks *marks;

    assert_ok(j, timeline_get(j, support_path(j, columns), &now, &t));
    assert_ok(j, marks_get(j, support_path(j, "weeks"), &weeks, &marks));
    p.now = t;
    p.marks = marks;
    assert_ok(j, past_look(j, &p, support_path(j, "")));
    return p;
}

/* Who is who is as now: a child whom a later file tells to be another has changed. */
static bool
is_same_child(const struct past *a, uint32_t x, const struct past *b, uint32_t y)
{
    return y != TIMELINE_NONE && a->now->person[x].born == b->now->person[y].born &&
           a->slot[x] != TIMELINE_NONE && b->slot[y] != TIMELINE_NONE;
}

static void
later_files_change_nothing_that_signs_saw(void **state)
{
    struct facts f = facts_of(state);
    struct job *j = f.j;
    const char *files = support_path(j, "files"), *rest = support_path(j, "rest");
    struct synth_plan plan = {.size = "small", .seed = 11, .out = files, .quiet = true};
    struct sign_pack pack;
    struct synth_done done;
    struct past before, after;
    size_t words, people = 0, differ = 0, signs = 0;

    j->limit = 512 * (size_t)JOB_MB;
    j->today = day(2025, 12, 1);
    j->now = (int64_t)j->today * 24 * 3600 * 1000000;
    assert_ok(j, sign_pack_read(j, sign_pack_default(), &pack));
    assert_ok(j, synth_write(j, &plan, &done));
    assert_int_equal(mkdir(rest, 0700), 0);
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        const char *from = job_format(j, "%s/%s", files, later[i]);
        const char *to = job_format(j, "%s/%zu-%s", rest, i, strrchr(later[i], '/') + 1);
        if (rename(from, to) != 0)
            fail_msg("%s is not there", later[i]);
    }
    load_all(j, files);
    before = looked(j, &pack, "before.columns");
    load_all(j, rest);
    j->now += INT64_C(3600) * 1000000;
    after = looked(j, &pack, "after.columns");
    words = (size_t)before.dates.years * (size_t)(past_row(&before, TESTED_TIER_3) + 1);
    for (uint32_t x = 0; x < before.now->n[TIMELINE_PERSON]; x++) {
        uint32_t y = timeline_person_find(after.now, before.now->person[x].person_id);
        if (!is_same_child(&before, x, &after, y))
            continue;
        people++;
        differ += memcmp(past_at(&before, x, 0), past_at(&after, y, 0),
                         words * sizeof(past_weeks)) != 0;
        signs += past_at(&before, x, 0)[past_row(&before, TESTED_LISTED)] != 0;
    }
    print_message("%zu children, %zu listed, %zu differ\n", people, signs, differ);
    assert_true(people > 1500 && signs > 300);
    assert_int_equal(differ, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(later_files_change_nothing_that_signs_saw),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
