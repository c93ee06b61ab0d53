# Served to those whom the act of its row allows, and in their menu; for others it is not there.
[ "$(page analyst /phases)" = 200 ] && has ">Phases</h1>" && has "<li>Secondary: " && has 'href="/phases"' &&
    [ "$(page inclusion-lead /phases)" = 200 ] && [ "$(page senco /phases)" = 200 ] &&
    [ "$(page analyst /help)" = 200 ] && has 'href="/phases"' &&
    [ "$(page administrator /phases)" = 404 ] && has_not "Secondary: " &&
    [ "$(page administrator /help)" = 200 ] && has_not 'href="/phases"' &&
    [ "$(page nobody /phases)" = 303 ] && unit web/test_sound
