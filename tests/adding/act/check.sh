# The walk of every act as every role holds it against the hand-written table; its row is printed.
unit access/test_permit && exits 0 "$P" user roles && cp "$W/out" "$W/roles" &&
    grep -qE '^\| write letters to families \|  \|  \| yes \|' "$W/roles" &&
    [ "$(diff docs/permissions.md "$W/roles" | grep -c '^[<>]')" = 1 ]
