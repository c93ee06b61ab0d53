row src/risk/measures.def MEASURE <<'ROW'
MEASURE(M_SUSP3, "susp3", "Suspended three times or more", FAMILY_CHILD, 100, 1, DATA_TOLD,
        "Pupils with three or more suspensions that started in the school year.",
        "school census; suspension notifications")
ROW
before src/risk/child_year.c '^/\* What "any" counts' <<'FUNCTION'
static void
add_often(struct child_year *row)
{
    if (row->suspensions >= 3)
        row->met |= BIT(M_SUSP3);
}

FUNCTION
before src/risk/child_year.c '^    add_any\(' <<'CALL'
    add_often(row);
CALL
