/* SSDA903: what is kept of it, of which year it is, and which tables make one export. */
#include "support/loads.h"

#define HEADER "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
#define EPISODES                                                               \
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"         \
    "HOME_POST,PL_POST,URN\n"
#define OC2 "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK\n"
#define MISSING "CHILD,DOB,MISSING,MIS_START,MIS_END\n"

static int64_t
rows(struct job *j, const char *condition)
{
    int64_t n;

    assert_ok(j, db_int(j, job_format(j, "SELECT count(*) FROM care_episode WHERE area_id = 896 "
                                         "AND %s", condition), NO_ARGS, -1, &n));
    return n;
}

static struct load_result
load_folder(struct job *j, const char *folder, enum load_outcome want)
{
    const char *paths[] = {support_path(j, folder)};
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, paths, 1, &o, &r));
    for (size_t i = 0; i < r.n_batches; i++)
        if (r.batch[i].outcome != want)
            fail_msg("%s: %s", r.batch[i].title, r.batch[i].message);
    return r;
}

static void
write_year(struct job *j, const char *folder)
{
    loads_file(j, job_format(j, "%s/header.csv", folder),
               HEADER "10421,F,09/05/2011,WBRI,UN4,,\n10422,M,09/06/2011,WBRI,UN4,,\n");
    loads_file(j, job_format(j, "%s/episodes.csv", folder),
               EPISODES "10421,01/06/2024,S,C1,N1,U6,PR1,10/08/2024,X1,,,,\n"
                        "10421,10/08/2024,L,C2,N1,U6,PR1,05/01/2025,X1,,,,\n"
                        "10421,05/01/2025,P,C2,N1,K2,PR4,,,CARPL,,,2534567\n"
                        "10422,01/05/2024,S,V4,N2,U6,PR1,03/05/2024,E8,,,,\n");
    loads_file(j, job_format(j, "%s/OC2.csv", folder), OC2 "10421,09/05/2011,16,,0,\n"
                                                       "10422,09/06/2011,,SDQ1,0,\n");
    loads_file(j, job_format(j, "%s/missing.csv", folder),
               MISSING "10421,09/05/2011,M,03/02/2025,04/02/2025\n"
                       "10421,09/05/2011,A,05/02/2025,\n");
    loads_file(j, job_format(j, "%s/AD1.csv", folder),
               "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n");
}

static void
what_is_needed_is_kept_and_the_rest_is_counted(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    write_year(j, "903");
    r = load_folder(j, "903", LOAD_PUBLISHED);
    assert_int_equal(r.n_batches, 1); /* also the names with digits */
    assert_string_equal(r.batch[0].title, "Looked after children (SSDA903), year to March 2025");
    assert_int_equal(r.batch[0].read, r.batch[0].loaded + r.batch[0].refused);
    assert_int_equal(rows(j, "kind = 'care' AND source_kind = 'ssda903' AND return_year = 2025"),
                     3);
    /* the next episode begins on the day the one before ceases: 10 August 2024 is 19945 */
    assert_int_equal(rows(j, "kind = 'care' AND ended = 19945"), 1);
    assert_int_equal(rows(j, "kind = 'care' AND ended IS NULL AND told_to = 20179"), 1);
    assert_int_equal(rows(j, "kind = 'placement' AND placement = 'K2' AND "
                             "provider_urn = 2534567 AND part = 2"), 1);
    assert_int_equal(rows(j, "kind = 'missing'"), 1);
    assert_int_equal(rows(j, "kind = 'sdq' AND score = 16 AND started = 20178"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE area_id = 896 AND note "
                                    "LIKE '%read, counted, not kept: 1 episodes of short %'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "person_id IS NULL"), 2);
    load_folder(j, "903", LOAD_KNOWN);
}

static void
the_xml_form_tells_the_same(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_file(j, "903/ssda903.xml",
               "<EXPSSDA903>\n<CHILD><HEADER><CHILDID>10421</CHILDID><UPN>UN4</UPN><SEX>F</SEX>"
               "<DOB>09/05/2011</DOB><AMISSING><MISSING>M</MISSING><MIS_START>03/02/2025"
               "</MIS_START><MIS_END>04/02/2025</MIS_END></AMISSING><OC2><SDQ_SCORE>16"
               "</SDQ_SCORE></OC2></HEADER><EPISODE><DECOM>01/06/2024</DECOM><RNE>S</RNE>"
               "<LS>C2</LS><PL>U6</PL><DEC>05/01/2025</DEC></EPISODE><EPISODE><DECOM>05/01/2025"
               "</DECOM><RNE>P</RNE><LS>C2</LS><PL>K2</PL></EPISODE></CHILD>\n"
               "<CHILD><HEADER><CHILDID>10422</CHILDID><UPN>UN4</UPN><SEX>M</SEX></HEADER>"
               "<EPISODE><DECOM>01/09/2024</DECOM><RNE>S</RNE><LS>C2</LS></EPISODE></CHILD>"
               "</EXPSSDA903>\n");
    load_folder(j, "903", LOAD_PUBLISHED);
    assert_int_equal(rows(j, "kind = 'care'"), 3);
    assert_int_equal(rows(j, "kind = 'placement' AND placement = 'K2'"), 1);
    assert_int_equal(rows(j, "kind = 'sdq' AND score = 16"), 1);
    assert_int_equal(rows(j, "kind = 'missing' AND ended - started = 2"), 1);
    assert_int_equal(loads_count(j, "SELECT count(DISTINCT identity_id) FROM care_episode "
                                    "WHERE area_id = 896"), 2);
}

static void
a_header_of_another_year_is_refused_with_words(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    write_year(j, "coded");
    loads_edit(j, support_path(j, "coded/header.csv"), ",F,", ",2,");
    loads_edit(j, support_path(j, "coded/header.csv"), ",M,", ",1,");
    r = load_folder(j, "coded", LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "1 and 2, as up to 2023/24"));
    assert_non_null(strstr(r.batch[0].message, "year to March 2025"));
    write_year(j, "others");
    for (int i = 0; i < 6; i++)
        loads_append(j, support_path(j, "others/episodes.csv"),
                     job_format(j, "2042%d,01/06/2024,S,C1,N1,U6,PR1,,,,,,\n", i));
    r = load_folder(j, "others", LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "of 8 children with episodes it lacks 6"));
    assert_int_equal(rows(j, "kind = 'care'"), 0);
}

static void
years_in_one_folder_are_batches_of_their_own(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    loads_file(j, "903/header_2025.csv", HEADER "10421,F,09/05/2011,WBRI,UN4,,\n");
    loads_file(j, "903/header_2024.csv", HEADER "10421,2,09/05/2011,WBRI,UN4,,\n");
    loads_file(j, "903/episodes_2024.csv", EPISODES "10421,01/06/2023,S,C1,N1,U6,PR1,,,,,,\n");
    loads_file(j, "903/episodes_2025.csv",
               EPISODES "10421,01/06/2023,S,C1,N1,U6,PR1,10/08/2024,E4A,,,,\n");
    loads_file(j, "903/OC2_2025.csv", OC2 "10421,09/05/2011,11,,0,\n");
    r = load_folder(j, "903", LOAD_PUBLISHED);
    assert_int_equal(r.n_batches, 2);
    assert_non_null(strstr(r.batch[0].title, "March 2024")); /* the older one first */
    assert_non_null(strstr(r.batch[1].title, "March 2025"));
    assert_int_equal(rows(j, "kind = 'care'"), 2);
    assert_int_equal(rows(j, "kind = 'sdq' AND return_year = 2025"), 1);
}

static void
a_score_or_an_end_that_cannot_be_refuses_the_record(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    write_year(j, "903");
    loads_append(j, support_path(j, "903/OC2.csv"), "10421,09/05/2011,44,,0,\n");
    loads_append(j, support_path(j, "903/episodes.csv"),
                 "10422,01/05/2024,S,C2,N2,U6,PR1,03/04/2024,E8,,,,\n");
    loads_append(j, support_path(j, "903/missing.csv"), ",,M,03/02/2025,04/02/2025\n");
    r = load_folder(j, "903", LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].refused, 3);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND rule IN "
                                    "('score-range', 'end-before-start', 'parent-missing')"), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_is_needed_is_kept_and_the_rest_is_counted),
        SUPPORT_TEST(the_xml_form_tells_the_same),
        SUPPORT_TEST(a_header_of_another_year_is_refused_with_words),
        SUPPORT_TEST(years_in_one_folder_are_batches_of_their_own),
        SUPPORT_TEST(a_score_or_an_end_that_cannot_be_refuses_the_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
