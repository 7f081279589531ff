#!/usr/bin/env bash
# Sign the .app, put it into a .dmg, and let Apple notarise it: build/macos/sign.sh VERSION
# SDA_SIGNING_IDENTITY names a "Developer ID Application" certificate in the keychain; SDA_NOTARY_PROFILE a profile of
# `xcrun notarytool store-credentials`. Without an identity the app is signed for this computer only ("-"), and macOS
# asks everybody else before its first start.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$1
app="dist/Small DataSet Audio.app"
image="dist/small-dataset-audio-$version-arm64.dmg"
identity=${SDA_SIGNING_IDENTITY:--}
options=(--force --options runtime --sign "$identity" --entitlements build/macos/entitlements.plist)
[ "$identity" = - ] || options+=(--timestamp)

# from the inside to the outside: a signature seals what lies below it
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 | xargs -0 -n 20 codesign "${options[@]}"
codesign "${options[@]}" "$app/Contents/MacOS/sda"
codesign "${options[@]}" "$app"
codesign --verify --deep --strict "$app"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -volname "Small DataSet Audio" -srcfolder "$folder" -format ULFO -ov "$image"
if [ "$identity" != - ]; then
    codesign --force --sign "$identity" --timestamp "$image"
    xcrun notarytool submit "$image" --keychain-profile "$SDA_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
