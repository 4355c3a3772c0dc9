#!/usr/bin/env bash
# Lists of OpenSSL, of pyca and in own DER: the same entries by all (docs/interop-lists.md).
# Arguments: the akashi binary; with --write the document's table is written anew.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: interop-lists.sh BINARY [--write]}")
work=$(mktemp -d)
trap '[[ -n ${AKASHI_KEEP:-} ]] && echo "kept: $work" || rm -rf "$work"' EXIT

# A Python that has pyca/cryptography: as installed, else Debian's, else from PyPI in a folder of its own.
with_pyca() {
    local candidate environment=$here/../.build/interop-python
    for candidate in python3 /usr/bin/python3 "$environment/bin/python"; do
        "$candidate" -c 'import cryptography.x509' 2>/dev/null && python=$candidate && return
    done
    python3 -m venv "$environment" && "$environment/bin/pip" install --quiet cryptography && python=$environment/bin/python
} >&2

if ! with_pyca; then
    printf '%s\n' '***********************************************************************' \
        'akashi: pyca/cryptography is ABSENT and could not be installed.' \
        'Lists of OpenSSL and pyca are not compared (apt-get install python3-cryptography).' \
        '***********************************************************************' >&2
    exit 1
fi
arguments=("$bin" "$work")
[[ ${2:-} != --write ]] || arguments+=("$here/../docs/interop-lists.md")
PYTHONDONTWRITEBYTECODE=1 timeout 240 "$python" "$here/interop/lists/main.py" "${arguments[@]}"
