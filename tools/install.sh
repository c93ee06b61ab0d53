# Sourced by run and the tests: need build|test|lint installs the Debian and npm packages
# that are missing, and does nothing (fast) when all are there.

packages_build="gcc make pkg-config libsqlite3-dev libpq-dev libexpat1-dev libyajl-dev libzip-dev
  libsodium-dev liboath-dev libqrencode-dev
  libmicrohttpd-dev libxlsxwriter-dev libjansson-dev libzstd-dev libseccomp-dev zlib1g-dev libgsl-dev
  libcurl4-openssl-dev libstemmer-dev uuid-dev"
packages_test="$packages_build clang libclang-rt-14-dev libcmocka-dev postgresql-15
  postgresql-client-15 chromium fonts-open-sans sqlite3 curl zstd
  apache2 libapache2-mod-auth-openidc openssl"
packages_lint="$packages_build clang clang-tidy"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
    local have
    have=" $(dpkg-query -W -f='${binary:Package}:${db:Status-Status} ' $1 2>/dev/null |
        sed 's/:amd64:/:/g; s/:arm64:/:/g') "
    for p in $1; do
        case $have in *" $p:installed "*) ;; *) echo "$p" ;; esac
    done
}

install_packages() {
    local missing
    missing=$(missing_packages "$1")
    [ -z "$missing" ] && return 0
    echo "Installing from Debian:" $missing >&2
    as_root apt-get update -qq </dev/null >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing </dev/null >/dev/null
}

# A present Node of 18 or later with npm serves; else Debian's.
install_node() {
    local major
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || major=0
    if [ "${major:-0}" -lt 18 ] || ! command -v npm >/dev/null; then
        install_packages "nodejs npm"
    fi
    if [ ! -e node_modules/.package-lock.json ] ||
        [ package-lock.json -nt node_modules/.package-lock.json ]; then
        echo "Installing npm packages." >&2
        npm ci --no-audit --no-fund --loglevel=error >&2
        touch node_modules/.package-lock.json
    fi
}

need() {
    case $1 in
    build) install_packages "$packages_build" ;;
    test) install_packages "$packages_test" ;;
    lint) install_packages "$packages_lint" ;;
    esac
    install_node
}
