last=$(cd migrations && ls | sed -n '$s/_.*//p')
put carer.sql "migrations/$(printf %04d $((10#$last + 1)))_example_carer.sql"
