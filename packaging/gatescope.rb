# A Homebrew formula. Untried: it was written on Linux, where Homebrew could not be run. The address and
# the checksum are a release's to fill in.
class Gatescope < Formula
  desc "Oscilloscope for the gates of recurrent networks"
  homepage "https://example.org/gatescope"
  url "https://example.org/gatescope/archive/v0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "Apache-2.0"

  depends_on xcode: ["26.0", :build]
  depends_on "hdf5"
  depends_on "libzip"
  depends_on "openblas"
  depends_on "zstd"
  uses_from_macos "ncurses"
  uses_from_macos "python" => :build

  def install
    system "swift", "build", "--disable-sandbox", "-c", "release", "--product", "gatescope"
    bin.install ".build/release/gatescope"
    (share/"gatescope").install "demos"
    system "scripts/pages", bin/"gatescope", buildpath/"pages"
    man1.install Dir["pages/man1/*.1"]
    bash_completion.install "pages/completions/gatescope.bash" => "gatescope"
    zsh_completion.install "pages/completions/_gatescope"
    fish_completion.install "pages/completions/gatescope.fish"
  end

  test do
    system bin/"gatescope", "demo", "reber", "--screen", "s.txt", "--size", "80x24"
    assert_match "candidate", (testpath/"s.txt").read
  end
end
