// swift-tools-version: 6.3
import PackageDescription

/// A package of its own, so that whoever uses the libraries does not build it.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [.package(name: "gatescope", path: "..")],
  targets: [
    .executableTarget(
      name: "StepBench",
      dependencies: [
        .product(name: "Recurrent", package: "gatescope"),
        .product(name: "Inspector", package: "gatescope"),
      ]),
    .executableTarget(
      name: "TrainBench",
      dependencies: [
        .product(name: "Recurrent", package: "gatescope"),
        .product(name: "Training", package: "gatescope"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
