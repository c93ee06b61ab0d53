before src/intake/forms.def '^#undef ASK_PUPIL' <<'ROWS'

SCHOOL_FORM(INTERNAL, "internal", "register-entries", "INT", "Internal exclusion",
            "internal exclusion", "A time outside lessons, in the school itself.",
            "The inclusion team sees it on the child’s page.")
ASK_PUPIL(INTERNAL)
ASK(INTERNAL, "StartDate", DATE, CODE_NONE, NEEDED | FROM, "First day",
    "For example, 16 11 2026")
ASK(INTERNAL, "EndDate", DATE, CODE_NONE, NEEDED | AFTER, "Last day", "")
ASK(INTERNAL, "Reason", TEXT, CODE_NONE, NEEDED, "Why?", "In a few words")
ROWS
