/* timeline/rows.h - the rows of the column file (timeline.h).
 *
 * Fixed width, no padding that is not zero, little-endian as in memory.  A change of any
 * row raises TIMELINE_VERSION, and older files are built again. */
#pragma once
#include "base/date.h"

enum { TIMELINE_VERSION = 5 };
#define TIMELINE_NONE UINT32_MAX

enum timeline_section {
    TIMELINE_PERSON, TIMELINE_SCHOOL, TIMELINE_DISTRICT, TIMELINE_PLACE, TIMELINE_BATCH,
    TIMELINE_RETURN, TIMELINE_SOURCE,
    /* the rest are of a person each */
    TIMELINE_CENSUS, TIMELINE_ENROLMENT, TIMELINE_SUSPENSION, TIMELINE_EVENT,
    TIMELINE_ABSENCE, TIMELINE_SPELL, TIMELINE_PLACEMENT, TIMELINE_LEAVER, TIMELINE_ENTRY,
    TIMELINE_MOVE,
    TIMELINE_SECTIONS
};
enum { TIMELINE_OF_PERSON = TIMELINE_SECTIONS - TIMELINE_CENSUS };

struct timeline_part {
    uint64_t offset;   /* bytes from the start of the file */
    uint64_t checksum;
    uint32_t count, width;
};
struct timeline_head {
    char magic[8];     /* "rootedTL" */
    uint32_t version;
    uint32_t order;    /* 0x01020304 as this machine writes it */
    uint64_t bytes;    /* of the file */
    uint64_t checksum; /* of this head, itself 0 */
    int64_t area, known_at;
    int32_t as_of;
    int32_t last_census; /* day of the last census, DATE_NONE: none */
    uint8_t digest[32]; /* of the batches it is built from */
    uint32_t care_not_linkable;       /* social-care facts of nobody who can be told */
    uint32_t care_people_not_linkable;
    uint32_t facts_not_linkable;      /* other facts whose child cannot be told */
    uint32_t census_superseded;       /* rows of a return that was sent again */
    uint32_t absence_left_out;        /* summer term 2020: not collected */
    uint32_t left_out;                /* facts dated after as_of, or in no school year */
    struct timeline_part part[TIMELINE_SECTIONS];
};

struct timeline_person {
    int64_t person_id;
    int64_t identity_id; /* the description to show: the last a school gave */
    int32_t born;        /* DATE_NONE: not known */
    int32_t first_seen, last_seen; /* first and last day with a fact, or on a roll */
    char sex;            /* M F U, 0 not known */
    char ethnicity[7];   /* the last given, carried forward; "" never given */
    uint32_t first[TIMELINE_OF_PERSON]; /* first row in each section from TIMELINE_CENSUS
                            on; it ends where the next person's starts.  The person after
                            the last has only these. */
    uint32_t spare;
};

enum timeline_class { SCHOOL_MAINSTREAM, SCHOOL_SPECIAL, SCHOOL_AP, SCHOOL_OTHER };
enum timeline_phase {
    PHASE_UNKNOWN, PHASE_NURSERY, PHASE_PRIMARY, PHASE_MIDDLE, PHASE_SECONDARY,
    PHASE_ALL_THROUGH, PHASE_16_PLUS
};
struct timeline_school {
    uint32_t urn;
    uint32_t successor;  /* the school that carries it on in the end; itself when none */
    int32_t opened, closed; /* DATE_NONE, DATE_OPEN when not known */
    uint16_t district;   /* + 1; 0 not known */
    uint8_t kind;        /* enum timeline_class */
    uint8_t phase;       /* enum timeline_phase */
    int8_t low_year, high_year; /* year groups it teaches, by statutory ages, else as seen */
    uint8_t state_funded;
    uint8_t local;       /* lies in this area */
};
struct timeline_district {
    char name[64];
};
/* Where children live: one row a postcode, which is not itself kept; without codes where the
 * lookup does not have it. */
struct timeline_place {
    char lsoa11[12], lsoa21[12];
    uint16_t district;   /* + 1; 0 not known */
    uint8_t idaci_2019, idaci_2025; /* decile, 1 = most deprived; 0 not known */
    uint32_t spare;
};
struct timeline_batch {
    int64_t batch_id, published; /* known from */
};
enum timeline_return_kind {
    RETURN_CENSUS = 1, RETURN_CARE, RETURN_NOTIFICATION, RETURN_OUTCOMES, RETURN_LEAVERS,
    RETURN_REGISTER,
    RETURN_PLANS /* SEN2; school_year: year of its January */
};
/* Which files there are, so that "none" can be told from "no data".  Of a return that was
 * sent again only the last. */
struct timeline_return {
    uint32_t school;     /* TIMELINE_NONE: of the authority */
    uint32_t batch;
    uint32_t rows;
    int16_t school_year; /* census: its own; care: the year the return ends (2025 is April
                            2024 to March 2025); others: event year */
    uint8_t kind, term;  /* term 0: does not apply */
    uint8_t holds;       /* HOLDS_…; of social care HOLDS_CARE_… */
    uint8_t source;      /* social care: enum timeline_care_source */
    uint8_t what;        /* register: enum entry_kind + 1; 0 otherwise */
    uint8_t spare;
    int32_t until;       /* social care: how far it tells, half-open; else 0 */
};
enum { HOLDS_SUSPENSIONS = 1, HOLDS_FSM = 2, HOLDS_NEEDS = 4, HOLDS_ABSENCE = 8,
       HOLDS_SUMMER2 = 16 };
enum { HOLDS_CARE_CASES = 1, HOLDS_CARE_LOOKED_AFTER = 2, HOLDS_CARE_HELP = 4,
       HOLDS_CARE_SDQ = 8, HOLDS_CARE_MISSING = 16 };
enum timeline_care_source {
#define CARE_SOURCE(id, kind, annual) id,
#include "timeline/care_sources.def"
#undef CARE_SOURCE
    CARE_SOURCES
};
struct timeline_source {
    uint32_t batch, line;
    uint16_t file, part;
};

/* One row of one census; of a return sent twice the last stands. */
struct timeline_census {
    uint32_t person, school, place; /* place: TIMELINE_NONE not given */
    int32_t entered;     /* DATE_NONE not given */
    int32_t left;        /* half-open; DATE_OPEN: on roll; DATE_NONE: left, not said when */
    struct timeline_source source;
    int16_t school_year;
    uint16_t flags;      /* CENSUS_… */
    uint8_t term;
    char status;         /* C M S G F O; 0 not given (not asked of leavers) */
    char sen;            /* N K E; 0 not given */
    int8_t year_group;   /* 0 reception, -1 earlier; INT8_MIN not given */
    int8_t age;          /* on 31 August; -1 not known */
    uint8_t idaci;       /* decile, 1 = most deprived; 0 not known */
    uint8_t edition;     /* of the index: 19, 25; 0 not known */
    uint8_t spare;
    uint16_t district;   /* of the home, + 1; 0 not known */
    uint16_t spare2;
};
enum {
    CENSUS_ON_ROLL = 1, CENSUS_FSM = 2, CENSUS_FSM6 = 4, CENSUS_PART_TIME = 8,
    CENSUS_BOARDER = 16, CENSUS_SEN_UNIT = 32, CENSUS_RESOURCED = 64, CENSUS_SERVICE = 128,
    CENSUS_POST_LOOKED_AFTER = 256, CENSUS_YOUNG_CARER = 512, CENSUS_EAL = 1024,
};

struct timeline_enrolment {
    uint32_t person, school;
    int32_t start, end;
    int32_t last_seen;   /* last census day, or last day, that shows it */
    uint32_t census;     /* the last row that shows it */
    uint16_t censuses;   /* rows that show it */
    uint16_t quality;    /* ENROLMENT_… */
    int16_t school_year; /* that year_group is of */
    int8_t year_group;   /* the last given; INT8_MIN not known */
    char status;         /* C M S G F O, the last given; C and M are one spell */
    /* the leaver return about its end (people/ground.h) */
    char ground;         /* letter; 0 none given */
    uint8_t says, explains; /* enum ground_says, ground_explains */
    uint8_t spare;
};
enum {
    ENROLMENT_OVERLAP = 1,        /* another main enrolment at the same time */
    ENROLMENT_GAP = 2,            /* over 30 days of no roll before it, summer not counted */
    ENROLMENT_LEFT_BEFORE_ENTRY = 4,
    ENROLMENT_NO_LEAVING_DATE = 8, /* closed because the next return lacks the child */
    ENROLMENT_NO_ENTRY_DATE = 16,
    ENROLMENT_ENTRY_CHANGED = 32, /* returns differ about the day of entry */
    ENROLMENT_STATUS_ASSUMED = 64, /* seen only as a leaver */
    ENROLMENT_CONVERTED = 128,    /* goes on at the school's successor */
    ENROLMENT_LEAVER_TOLD = 256,  /* a leaver return tells of its end */
    ENROLMENT_END_TOLD = 512,     /* and it alone gives the day */
};

enum timeline_category { CATEGORY_SUSPENSION, CATEGORY_PERMANENT, CATEGORY_LUNCHTIME };
enum timeline_state {
    STATE_CONFIRMED,     /* counts: in two returns, or in all that could hold it */
    STATE_NOT_CONFIRMED, /* counts: one return or notification, no later return yet */
    STATE_WITHDRAWN,     /* the school's later return covers the term, has the child, lacks it */
    STATE_CANCELLED,     /* the school told so */
};
enum timeline_outcome {
    OUTCOME_UNKNOWN, OUTCOME_PENDING, OUTCOME_UPHELD, OUTCOME_NOT_UPHELD
};
/* DfE family: one school's returns folded by child, start date and category. */
struct timeline_suspension {
    uint32_t person, school, event;
    int32_t started, ended; /* ended half-open; DATE_NONE not given */
    uint32_t source;     /* its n_sources rows in TIMELINE_SOURCE, first the one that stands */
    uint16_t n_sources;
    int16_t sessions;    /* -1 not given */
    int16_t school_year; /* event year */
    uint8_t category, state, outcome, term;
    uint8_t flags;       /* SUSPENSION_… */
    uint8_t counts;      /* 1: in DfE's figures of its category: reported in a census, not
                            withdrawn, upheld or outcome not known */
    char reason[3][2];   /* DB; zero where none */
    uint16_t spare;
};
enum {
    SUSPENSION_CENSUS = 1, SUSPENSION_NOTIFIED = 2, SUSPENSION_TWO_SCHOOLS = 4, /* a query */
    SUSPENSION_OUTSIDE_ENROLMENT = 8,
};
/* Child family: one child's suspension, however many schools report it. */
struct timeline_event {
    uint32_t person;
    uint32_t school;     /* of the main registration where two report it */
    int32_t started, ended;
    int16_t sessions;    /* -1 not given */
    int16_t school_year;
    uint8_t category;
    uint8_t flags;       /* SUSPENSION_TWO_SCHOOLS … */
    uint8_t counts;      /* 1: stands */
    uint8_t records;     /* of TIMELINE_SUSPENSION */
    uint32_t suspension; /* the record it is taken from */
};

enum timeline_half { HALF_AUTUMN, HALF_SPRING, HALF_SUMMER1, HALF_SUMMER2 };
/* Sessions of one enrolment (child and school) in a term, or half of the summer term. */
struct timeline_absence {
    uint32_t person, school, census; /* the row that gave it */
    int16_t school_year; /* of the sessions, not of the census */
    uint8_t half;        /* enum timeline_half */
    uint8_t flags;       /* ABSENCE_… */
    uint16_t possible, authorised, unauthorised;
    uint16_t suspended;  /* E */
    uint16_t part_time;  /* C2 */
    uint16_t illness;    /* I */
    uint16_t off_site;   /* B */
    uint16_t elsewhere;  /* D: at the other school */
    uint16_t authority;  /* K */
    uint16_t not_required; /* X */
    uint16_t late, late_closed; /* L, U */
};
enum {
    ABSENCE_BOARDER = 1,
    ABSENCE_AS_GIVEN = 2,  /* possible sessions as the school gave them, not added up */
    ABSENCE_MISMATCH = 4,  /* the school's own number differs from the marks added up */
};

enum timeline_kind {
    SPELL_REFERRAL,      /* to children's social care, to its closing */
    SPELL_NEED,          /* child in need: referral accepted */
    SPELL_PLAN,          /* child in need plan */
    SPELL_PROTECTION, SPELL_LOOKED_AFTER, SPELL_ENQUIRY, SPELL_ASSESSMENT,
    SPELL_SEN_SUPPORT, SPELL_EHC_PLAN,
    SPELL_SEN_NEED,      /* code: SEMH … */
    SPELL_FSM,
    /* of registers and social care files; none is built from a census */
    SPELL_EARLY_HELP, SPELL_MISSING /* from home or care */, SPELL_YOUTH_JUSTICE,
    SPELL_HOME_EDUCATED, SPELL_MISSING_EDUCATION, SPELL_PART_TIME /* timetable */,
    SPELL_OFF_SITE /* direction */, SPELL_MANAGED_MOVE, SPELL_FAIR_ACCESS, SPELL_DAY_SIX,
    SPELL_CARE_PLACEMENT, /* looked after, moved to another placement that day; code: its type */
    SPELL_SDQ,           /* strengths and difficulties, that day; code: SDQ_… */
    SPELL_ALTERNATIVE /* provision */, SPELL_INTERNAL /* exclusion */,
    SPELL_EHC_REQUEST,   /* for an education, health and care plan: received to decided */
    SPELL_EHC_REFUSED,   /* that day: not to assess, or not to issue a plan */
    SPELL_EHC_NAMED,     /* that day the plan placed the child; code: last five digits of the URN */
    SPELL_KINDS
};
/* Four bands of the total score of a parent or carer: 0-13, 14-16, 17-19, 20-40. */
#define SDQ_AVERAGE "AVG"
#define SDQ_RAISED "RAISE"
#define SDQ_HIGH "HIGH"
#define SDQ_VERY_HIGH "VHIGH"
/* Days of one kind (and code) merged: they never overlap or touch. */
struct timeline_spell {
    uint32_t person;
    int32_t start, end;
    int32_t last_start;  /* of the last episode merged into it */
    uint32_t source;     /* its n_sources rows in TIMELINE_SOURCE */
    uint16_t n_sources;
    uint16_t episodes;   /* merged into it */
    uint8_t kind, flags; /* SPELL_… */
    char code[6];        /* of a need; "" otherwise */
};
enum {
    SPELL_OPEN = 1,      /* still open when the data end: end is the end of the data */
    SPELL_NO_ACTION = 2, /* referral: no further action on every one */
    SPELL_UNENDED = 4,   /* no end given, and no later return that could tell has it */
    SPELL_SECONDARY = 8, /* need: never the primary one */
};

struct timeline_placement {
    uint32_t person;
    uint32_t school;     /* that reports */
    uint32_t provider;   /* TIMELINE_NONE: not a school, or not known */
    int32_t start, end;
    struct timeline_source source;
    int16_t sessions_a_week; /* -1 not given */
    uint8_t by_authority; /* 1: placed by the authority; 0: arranged by the school */
    uint8_t flags;       /* PLACEMENT_… */
    char reason[4], setting[4], pattern[4];
};
enum { PLACEMENT_DATES_ASSUMED = 1 /* no dates given: those of the enrolment, or the census */ };

/* A leaver return: a name deleted from a school's register. */
struct timeline_leaver {
    uint32_t person, school;
    uint32_t destination; /* school gone to; TIMELINE_NONE not given */
    uint32_t enrolment;  /* that it ends; TIMELINE_NONE: none is known */
    int32_t left;        /* first day no longer on roll */
    int32_t notified;    /* DATE_NONE not given */
    struct timeline_source source;
    char ground;         /* letter; 0 not given */
    uint8_t says, explains; /* enum ground_says, ground_explains */
    uint8_t spare;
};

/* An entry of the authority's registers; of one told more than once the last. */
struct timeline_entry {
    uint32_t person;
    uint32_t school;     /* that the child is, or was, on roll of; TIMELINE_NONE not given */
    uint32_t provider;   /* TIMELINE_NONE not given */
    int32_t start, end;  /* end of an open one: the day after the data end */
    int32_t review;      /* DATE_NONE not given */
    struct timeline_source source;
    int16_t minutes_a_week; /* -1 not given */
    uint8_t kind;        /* enum entry_kind (people/entry.h) */
    uint8_t flags;       /* ENTRY_… */
};
enum {
    ENTRY_OPEN = 1,
    ENTRY_PRESSED = 2,   /* home education at the school's suggestion, or to avoid exclusion */
    ENTRY_SUCCEEDED = 4, ENTRY_FAILED = 8, /* a managed move, in the register's words */
};

enum timeline_move_kind {
    MOVE_STRUCTURAL,     /* end of the school's last year, or change of phase in summer */
    MOVE_EXCLUDED,       /* after a permanent exclusion */
    MOVE_MANAGED,        /* T5 */
    MOVE_FAMILY,         /* T6, with an explanation */
    MOVE_UNEXPLAINED,    /* T6, without */
    MOVE_TO_AP, MOVE_FROM_AP, /* alternative provision */
    MOVE_EXIT,           /* T7: off every state-funded roll before the end of Year 11 */
    MOVE_WAITING,        /* left; too early to say */
    MOVE_EXPLAINED,      /* off every roll, and a register or leaver return says why */
};
enum timeline_certainty { MOVE_RECORDED, MOVE_PROBABLE, MOVE_POSSIBLE };
enum timeline_trial { TRIAL_NONE, TRIAL_SUCCEEDED, TRIAL_FAILED, TRIAL_OPEN };
/* A change of the main enrolment, or its end; and each trial of a managed move. */
struct timeline_move {
    uint32_t person;
    uint32_t from, to;   /* enrolments; to: TIMELINE_NONE, nowhere */
    uint32_t trial;      /* managed move: the subsidiary or guest enrolment, else NONE */
    int32_t on;          /* first day no longer at `from` (a trial: its first day) */
    int32_t next;        /* first day at `to`; DATE_NONE */
    uint32_t evidence;   /* EVIDENCE_… */
    int16_t school_year; /* in which the child left: to 15 September the one before */
    int8_t year_group;   /* INT8_MIN not known */
    uint8_t kind, certainty, outcome;
    uint8_t spare[2];
};
enum {
    EVIDENCE_ADDRESS = 1,        /* home changed about then */
    EVIDENCE_ADDRESS_UNKNOWN = 2, /* no address on one side: "no change" is not known */
    EVIDENCE_SUSPENDED = 4,      /* in the 180 days before */
    EVIDENCE_UNAUTHORISED = 8,   /* 20 or more unauthorised sessions in the terms before */
    EVIDENCE_EXCLUSION = 16,     /* permanent exclusion at `from` */
    EVIDENCE_MID_YEAR = 32,
    EVIDENCE_DUAL = 64,          /* subsidiary or guest registration at `to` */
    EVIDENCE_CARE = 128,         /* became looked after, or ceased, about then */
    EVIDENCE_PLAN = 256,         /* to a special school with an EHC plan */
    EVIDENCE_NO_LEAVING_DATE = 512,
    EVIDENCE_LATE_KEY_STAGE = 1024, /* between the censuses of October Year 10 and January
                                       Year 11 */
    EVIDENCE_OTHER_AREA = 2048,  /* to a school outside the area */
    EVIDENCE_INDEPENDENT = 4096, /* to a school that is not state-funded */
    EVIDENCE_CARE_CONTACT = 8192, /* social care in the year before */
    EVIDENCE_SEMH = 16384,
    EVIDENCE_PLACEMENT = 32768,  /* looked after, and moved to another placement about then */
    EVIDENCE_HOME = 65536,       /* educated at home about then: register or ground */
    EVIDENCE_MISSING = 131072,    /* missing education about then: register or ground */
    EVIDENCE_GROUND = 262144,    /* the ground of deletion explains it */
    EVIDENCE_REGISTER = 524288,  /* a register has the move: managed, off site, placed */
    EVIDENCE_NAMED = 1048576,    /* the plan names the school gone to */
};
