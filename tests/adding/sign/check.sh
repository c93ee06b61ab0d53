# A pack may use it; it finds whom it should; the packs that are there are as good as before.
unit risk/test_newcomer && unit risk/test_sign_pack
