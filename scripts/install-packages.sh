#!/usr/bin/env bash
# Installs the Debian packages that the build and the tests need and that are missing.
set -euo pipefail

needed=(zlib1g-dev libsqlite3-dev libldap-dev libpcsclite-dev libharfbuzz-dev libqrencode-dev fonts-ipamj-mincho poppler-utils qpdf cups-daemon cups-client pcscd vsmartcard-vpcd opensc slapd ldap-utils pkg-config openssl curl jq iproute2 util-linux python3-cryptography
    libp11-kit-dev softhsm2 swtpm tpm2-abrmd libtss2-tcti-tabrmd0 dbus-daemon libtpm2-pkcs11-1 opensc-pkcs11
    python3-venv chromium fonts-noto-cjk zbar-tools)
missing=()
for package in "${needed[@]}"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [[ $status == "install ok installed" ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

echo "akashi: installing ${missing[*]}" >&2
run=()
[[ $EUID -eq 0 ]] || run=(sudo)
"${run[@]}" apt-get update -qq
# RUNLEVEL=1: the tests start slapd themselves, on ports of their own; none shall run as a service because of them.
"${run[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
