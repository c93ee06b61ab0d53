row src/risk/dimensions.def DIMENSION <<'ROW'
DIMENSION(D_FSM6, "fsm6", "Free school meals in the last six years", "0")
ROW
row src/risk/members.def MEMBER <<'ROWS'
MEMBER(D_FSM6, "0", "Not in the last six years", 0, BIT(F_FSM6))
MEMBER(D_FSM6, "1", "At some time in the last six years", BIT(F_FSM6), 0)
ROWS
