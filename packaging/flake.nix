# A Nix flake. Untried: Nix could not be run where it was written. Swift packages are fetched before the
# build (swiftpm2nix), so `nix/default.nix` has to be made by `swiftpm2nix` first.
{
  description = "Oscilloscope for the gates of recurrent networks";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      each = f: nixpkgs.lib.genAttrs systems (s: f nixpkgs.legacyPackages.${s});
    in {
      packages = each (pkgs:
        let generated = pkgs.swiftpm2nix.helpers ../nix;
        in {
          default = pkgs.swift.stdenv.mkDerivation {
            pname = "gatescope";
            version = pkgs.lib.fileContents ../VERSION;
            src = ../.;
            nativeBuildInputs = [ pkgs.swift pkgs.swiftpm pkgs.python3 pkgs.makeWrapper pkgs.installShellFiles ];
            buildInputs = [ pkgs.ncurses pkgs.openblas pkgs.libzip pkgs.hdf5 pkgs.zstd ];
            configurePhase = generated.configure;
            installPhase = ''
              install -Dm755 "$(swiftpmBinPath)/gatescope" $out/bin/gatescope
              mkdir -p $out/share/gatescope && cp -r demos $out/share/gatescope/
              python3 scripts/pages $out/bin/gatescope pages
              installManPage pages/man1/*.1
              installShellCompletion --bash pages/completions/gatescope.bash \
                --zsh pages/completions/_gatescope --fish pages/completions/gatescope.fish
              wrapProgram $out/bin/gatescope --prefix LD_LIBRARY_PATH : \
                ${pkgs.lib.makeLibraryPath [ pkgs.openblas pkgs.libzip pkgs.hdf5 pkgs.zstd ]}
            '';
            meta.license = pkgs.lib.licenses.asl20;
          };
        });
    };
}
