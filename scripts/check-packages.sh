#!/usr/bin/env bash
# Type-checks what Benchmarks/ and Fuzz/ have of their own against the rooms that were built: those packages
# build the rooms again, which takes minutes, and would otherwise break unseen. Argument: the configuration.
set -euo pipefail
cd "$(dirname "$0")/.."

build=.build/${1:-release}
package=$(grep -m 1 '"-module-name","PKIX"' "$build.yaml" | grep -oE '"-package-name","[^"]+"' | head -1 | cut -d '"' -f 4)
[[ -n $package ]] || { echo "check-packages: build first: no plan at $build.yaml" >&2; exit 3; }

for folder in Benchmarks/Sources/akashi-bench Benchmarks/Sources/akashi-growth Fuzz/Sources/akashi-fuzz; do
    swiftc -typecheck -parse-as-library -swift-version 6 -warnings-as-errors -Xfrontend -disable-testable-attr-requires-testable-module -package-name "$package" \
        -I "$build/Modules" -enable-upcoming-feature InternalImportsByDefault \
        -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature ExistentialAny "$folder"/*.swift
done
