#include "support/services.h"
#include "base/random.h"
#include "directory/thesaurus.h"

/* What a service is about: words of its name, needs, sentences of it. */
static const struct {
    const char *name, *need, *label;
    const char *say[4];
} themes[] = {
    {"Steps Back to School", "school-worry", "School avoidance",
     {"We help children who find it hard to go into school because of anxiety.",
      "A worker visits at home, plans small steps with the family and meets the school.",
      "For emotionally based school avoidance, whether or not there is a diagnosis.",
      "Parents get advice about mornings, sleep and worries."}},
    {"Attendance Matters", "school-missing", "Attendance",
     {"Support when a pupil is persistently absent.", "We look for the reasons behind absence.",
      "An attendance officer meets parents before a penalty notice is considered.",
      "Works with children who have missed many weeks."}},
    {"Calm Corner", "behaviour-fighting", "Anger and conflict",
     {"Anger management in small groups.", "Children learn to notice anger before it takes over.",
      "Mediation after fights and friendship trouble.", "Ten weekly sessions with a coach."}},
    {"Second Chance Centre", "behaviour-elsewhere", "Alternative provision",
     {"Alternative provision for pupils at risk of permanent exclusion.",
      "A registered pupil referral unit with classes of six.",
      "English, maths and vocational courses with a way back to school.",
      "Turnaround placements of twelve weeks."}},
    {"Exclusion Advice Line", "behaviour-suspended", "Exclusion advice",
     {"Free legal advice after a suspension or permanent exclusion.",
      "We explain how to challenge the decision before governors.",
      "Help to write to the independent review panel.", "Call us on weekdays."}},
    {"Kind Corridors", "behaviour-bullying", "Bullying",
     {"Workshops against bullying and cyberbullying.", "Peer mentors are trained in each year.",
      "We support the child who was bullied and the one who bullies.",
      "Assemblies and parent evenings."}},
    {"Bridge to Seven", "moving-up", "Transition",
     {"Transition from primary to secondary school.", "Summer sessions before the first term.",
      "A mentor stays with the child until Christmas.", "Visits to the new building."}},
    {"Next Steps Careers", "moving-on", "Careers",
     {"Careers advice, apprenticeships and work experience.",
      "For young people not in education, employment or training.",
      "One to one coaching towards college.", "Travel costs are paid."}},
    {"Mindful Minds", "feelings-anxiety", "Anxiety",
     {"Cognitive behavioural therapy for anxiety and low mood.", "Groups about panic and worry.",
      "Run with the mental health support team.", "Guided self-help in six sessions."}},
    {"Listening Tree Counselling", "feelings-talk", "Counselling",
     {"Counselling for children and teenagers.", "Play therapy and art therapy for the youngest.",
      "A confidential space to talk.", "Qualified counsellors, supervised weekly."}},
    {"Rainbow Bereavement", "feelings-loss", "Bereavement",
     {"Support after someone has died.", "Memory days for bereaved children.",
      "Advice for teachers about grief.", "Groups for parents and carers."}},
    {"Talk First", "learning-talking", "Speech and language",
     {"Speech and language therapy in nurseries and classes.",
      "Screening for developmental language disorder.", "Help with stammering.",
      "A therapist watches a lesson and gives staff three things to try."}},
    {"Focus Families", "learning-attention", "ADHD",
     {"Courses for parents of children with ADHD.",
      "Practical routines for attention and impulses.",
      "No diagnosis needed.", "Medication clinics are held with paediatricians."}},
    {"Autism Together", "learning-autism", "Autism",
     {"Support for autistic children and their parents.", "Social groups and sensory play.",
      "Advice before and after an autism assessment.", "Training for teachers."}},
    {"Word Workshop", "learning-reading", "Dyslexia and reading",
     {"Specialist teaching for dyslexia.", "Reading catch up in pairs.",
      "Assessments of specific learning difficulties.", "Tuition after lessons."}},
    {"Plan Advice Service", "learning-plan", "SEND advice",
     {"Independent advice about education, health and care plans.",
      "SENDIASS: special educational needs information, advice and support.",
      "We go with parents to meetings and tribunals.", "A helpline and drop-in."}},
    {"Family Hub", "home", "Family support",
     {"Early help for the whole family.", "Health visitors, benefits advice and stay and play.",
      "Ask about anything, we find the right person.", "Open to all families."}},
    {"Confident Parents", "home-parenting", "Parenting",
     {"A parenting course over fourteen weeks.", "Boundaries, routines and praise.",
      "Creche places on request.", "Evidence-based programme for behaviour at home."}},
    {"Safe Haven", "home-conflict", "Domestic abuse",
     {"Support for children who lived with domestic abuse.", "Refuge places and outreach.",
      "A programme for mothers and children together.", "Safety planning."}},
    {"Young Carers Club", "home-carer", "Young carers",
     {"Breaks and activities for young carers.", "Somebody to ask about caring at home.",
      "Trips in the holidays.", "We tell the school what helps."}},
    {"Virtual School", "home-care", "Children in care",
     {"Education support for looked after children.", "Personal education plans.",
      "Training for foster carers.", "Advice for kinship families and adopters."}},
    {"Pathways Youth Justice", "safety-crime", "Youth justice",
     {"Youth justice workers prevent offending.", "Work about knives, gangs and county lines.",
      "A mentor with lived experience.", "Reparation projects."}},
    {"Clear Heads", "safety-drugs", "Drugs and alcohol",
     {"Help with cannabis, vaping and alcohol.", "Harm reduction without judgement.",
      "For under 18s.", "Sessions in town or by phone."}},
    {"Kickabout", "out-clubs", "Sport",
     {"Football and boxing on Saturday mornings.", "Holiday club with free meals.",
      "Coaches who listen.", "Girls' sessions on Tuesdays."}},
    {"Big Brother Mentors", "out-mentor", "Mentoring",
     {"A trained mentor meets your child each week.", "Mentoring for two terms.",
      "Plans for hard moments of the day.", "Mentors are volunteers with checks."}},
    {"Debt and Housing Desk", "home-money", "Money",
     {"Advice about debt, benefits and housing.", "Food bank vouchers and uniform grants.",
      "Help when you face eviction.", "Drop in without appointment."}},
};
enum { THEMES = sizeof themes / sizeof *themes };

static const char *const common[] = {
    "Our team works across the borough.", "Please get in touch for more information.",
    "We welcome children, young people and families.", "Sessions take place weekly in term time.",
    "The building has step-free access and a quiet room.", "We reply within two working days.",
    "Referrals are looked at each Monday.", "Staff are trained in safeguarding.",
    "We work with schools, social workers and health visitors.", "There is no charge.",
    "Parents and carers can stay.", "Interpreters can be arranged.",
    "We are funded by the council and by grants.", "Places are limited.",
    "Bring a drink and comfortable clothes.", "Ask your school's SENCO about it.",
};
enum { COMMON = sizeof common / sizeof *common };

static const struct {
    const char *name, *code;
    int32_t latitude, longitude;
} towns[] = {
    {"Ashmere", "E07000901", 53280000, -2900000},
    {"Harbour Cross", "E07000901", 53310000, -2860000},
    {"Redgate", "E07000902", 53190000, -2890000},
    {"Mill Lane", "E07000902", 53215000, -2790000},
    {"Norbury", "E07000903", 53120000, -2750000},
    {"Saltwick", "E07000903", 53330000, -2700000},
    {"Thornley", "E07000904", 53250000, -2520000},
    {"Westbrook", "E07000904", 53160000, -2430000},
};
enum { TOWNS = sizeof towns / sizeof *towns };

static const char *const charities[] = {"Harbour Youth Trust", "Ashmere Community Health",
                                        "Redgate Outreach", "Lighthouse", "Barrow Street Project",
                                        "Open Door", "Green Lane Association",
                                        "The Mulberry Trust"};
static const char *const languages[] = {"en", "pl", "ur", "ar", "cy", "uk"};

struct making {
    struct random *r;
    const char *uuid;
    struct search_row row;
    struct search_key key[8];
    struct search_hours hours[2];
};

static uint32_t
any(struct making *m, uint32_t n)
{
    return (uint32_t)random_below(m->r, n);
}

static void
make_words(struct job *j, struct making *m, uint32_t theme, uint32_t i)
{
    struct span *t = m->row.text;
    const char *text = "";

    t[SEARCH_NAME] = span_of(job_format(j, "%s %s", towns[any(m, TOWNS)].name,
                                        themes[theme].name));
    t[SEARCH_ORGANISATION] = span_of(charities[i % (sizeof charities / sizeof *charities)]);
    t[SEARCH_NEEDS] = span_of(themes[theme].label);
    t[SEARCH_SUMMARY] = span_of(themes[theme].say[any(m, 4)]);
    for (uint32_t k = 2 + any(m, 3); k--;)
        text = job_format(j, "%s %s", text, themes[theme].say[any(m, 4)]);
    for (uint32_t k = 2 + any(m, 5); k--;)
        text = job_format(j, "%s %s", text, common[any(m, COMMON)]);
    if (any(m, 8) == 0)
        text = job_format(j, "%s %s", text, themes[any(m, THEMES)].say[any(m, 4)]);
    t[SEARCH_DESCRIPTION] = span_of(text);
    t[SEARCH_OTHER] = span_of(common[any(m, COMMON)]);
}

static void
make_facts(struct making *m, uint32_t theme)
{
    struct search_row *r = &m->row;

    r->age_from = any(m, 4) ? (int32_t)any(m, 14) * 12 : SEARCH_UNKNOWN;
    r->age_to = r->age_from < 0 ? SEARCH_UNKNOWN : r->age_from + 12 * (2 + (int32_t)any(m, 10));
    r->facets = ((uint64_t)any(m, 1u << 20) | FACET_BIT(FACET_SERVICE)) &
                ~FACET_BIT(FACET_RIGOROUS);
    r->facets |= any(m, 12) ? 0 : FACET_BIT(FACET_RIGOROUS);
    r->fresh = (enum search_fresh)any(m, 4);
    r->harmful = any(m, 200) == 0;
    r->complete = (uint8_t)any(m, 101);
    r->wait_weeks = (int32_t)any(m, 20) - 1;
    r->checked = 20000 + (int32_t)any(m, 700);
    r->modified = 1 + (int64_t)any(m, 1000);
    r->everywhere = any(m, 10) == 0;
    r->keys = m->key;
    m->key[0] = (struct search_key){SEARCH_NEED, themes[theme].need};
    m->key[1] = (struct search_key){SEARCH_LANGUAGE, languages[any(m, 6)]};
    r->n_keys = 2;
    if (any(m, 5))
        m->key[r->n_keys++] = (struct search_key){SEARCH_AREA, towns[any(m, TOWNS)].code};
}

static void
make_place(struct job *j, struct making *m, uint32_t place)
{
    uint32_t town = any(m, TOWNS);
    struct search_row *r = &m->row;

    r->located = any(m, 6) != 0;
    r->latitude = towns[town].latitude + (int32_t)any(m, 40000) - 20000;
    r->longitude = towns[town].longitude + (int32_t)any(m, 60000) - 30000;
    r->place = r->located ? job_format(j, "%.24s%012u", m->uuid, place + 1) : NULL;
    r->text[SEARCH_PLACE] = span_of(r->located ? towns[town].name : NULL);
    r->hours = m->hours;
    r->n_hours = any(m, 3);
    for (size_t i = 0; i < r->n_hours; i++) {
        uint16_t from = (uint16_t)(540 + 30 * any(m, 18));
        m->hours[i] = (struct search_hours){(uint8_t)any(m, 7), from, (uint16_t)(from + 90)};
    }
}

enum err
services_each(struct job *j, uint32_t n, uint64_t seed, services_fn *fn, void *arg)
{
    enum err e = OK;

    for (uint32_t i = 0; i < n && !e; i++) {
        struct random r = random_stream(seed, i, 1);
        struct making m = {.r = &r};
        uint32_t theme = any(&m, THEMES), places = any(&m, 5) ? 1 : 2 + any(&m, 3);
        m.uuid = job_format(j, "%08x-0000-4000-8000-%012u", i, i);
        m.row = (struct search_row){.entry = i + 1, .uuid = m.uuid};
        make_words(j, &m, theme, i);
        make_facts(&m, theme);
        for (uint32_t k = 0; k < places && !e; k++) {
            make_place(j, &m, k);
            e = fn(j, &m.row, arg);
        }
    }
    return e;
}

static enum err
into_index(struct job *j, const struct search_row *row, void *arg)
{
    return search_index_row(j, arg, row);
}

enum err
services_index(struct job *j, uint32_t n, const char *path)
{
    struct scope scope = job_scope_begin(j);
    struct search_builder *b = NULL;
    struct thesaurus t;
    enum err e;

    thesaurus_built_in(j, &t);
    e = search_index_begin(j, &t, &b);
    if (!e)
        e = services_each(j, n, 7, into_index, b);
    if (!e)
        e = search_index_write(j, b, path, 1);
    job_scope_end(j, scope);
    return e;
}
