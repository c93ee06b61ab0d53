row src/access/acts.def ACT <<'ROW'
ACT(ACT_LETTERS, "letters", "write letters to families", R(ROLE_INCLUSION_LEAD), OPENED,
    CHANGED)
ROW
after tests/unit/access/test_permit.c '^    \{ACT_' <<'LINE'
    {ACT_LETTERS, L},
LINE
after tests/unit/web/test_matrix.c '^    \{"seal", L' <<'LINE'
    {"letters", L, CHILD},
LINE
