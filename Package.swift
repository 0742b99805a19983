// swift-tools-version: 6.3
import PackageDescription

/// `scripts/check` sets GATESCOPE_STRICT; whoever only builds is not stopped by a newer compiler's
/// warnings.
let isStrict = Context.environment["GATESCOPE_STRICT"] != nil

/// The targets stand in the order of the data's journey; each depends only on stops before it.
let package = Package(
  name: "gatescope",
  platforms: [.macOS(.v14)],
  products: [
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .library(name: "Inspector", targets: ["Inspector"]),
    .library(name: "ModelFiles", targets: ["ModelFiles"]),
    .library(name: "TraceFiles", targets: ["TraceFiles"]),
    .library(name: "Training", targets: ["Training"]),
    .executable(name: "gatescope", targets: ["gatescope"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CNcurses", providers: [.apt(["libncursesw5-dev"]), .brew(["ncurses"])]),
    .target(name: "COpenBLAS"),
    .target(name: "CHDF5"),
    .target(name: "CZip"),
    .target(name: "CLSTMKernel"),
    .target(name: "CChecksum"),
    .target(name: "CDigits"),
    .target(name: "CZstd"),
    .target(name: "CRsvg"),
    .target(name: "Files"),
    .target(name: "Parquet", dependencies: ["CZstd"]),
    .target(name: "Recurrent", dependencies: ["CLSTMKernel", "COpenBLAS"]),
    .target(
      name: "Inspector", dependencies: ["Recurrent", "Files", "CChecksum", "CDigits", "Parquet"]),
    .target(
      name: "ModelFiles",
      dependencies: [
        "Recurrent", "Files", "CZip", "CHDF5",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["ONNX/onnx.proto"]),
    .target(name: "TraceFiles", dependencies: ["Recurrent", "Inspector", "ModelFiles"]),
    .target(name: "Training", dependencies: ["CLSTMKernel", "Recurrent", "ModelFiles", "Files"]),
    .target(name: "Demos", dependencies: ["Recurrent", "Inspector", "Files", "Yams"]),
    .target(name: "Screen"),
    .target(name: "Figures", dependencies: ["Screen", "CRsvg"]),
    .target(
      name: "Workbench",
      dependencies: [
        "Recurrent", "Inspector", "ModelFiles", "Demos", "Screen", "Figures", "Files", "Yams",
      ]),
    .target(name: "CursesTerminal", dependencies: ["CNcurses", "Screen"]),
    .executableTarget(
      name: "gatescope",
      dependencies: [
        "Recurrent", "Inspector", "ModelFiles", "TraceFiles", "Training", "Demos", "Screen",
        "Workbench", "Figures", "CursesTerminal", "Files",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestRandom", path: "Tests/TestRandom"),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .target(name: "ParquetReading", dependencies: ["CZstd"], path: "Tests/ParquetReading"),
    .testTarget(name: "ParquetTests", dependencies: ["Parquet", "ParquetReading"]),
    .testTarget(
      name: "RecurrentTests", dependencies: ["Recurrent"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "InspectorTests", dependencies: ["Inspector", "Parquet", "ParquetReading"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ModelFilesTests", dependencies: ["ModelFiles"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TraceFilesTests", dependencies: ["TraceFiles"], resources: [.copy("Fixtures")]),
    .executableTarget(
      name: "fuzz-models", dependencies: ["ModelFiles", "Inspector", "Recurrent", "TestRandom"],
      path: "Tests/ModelFuzz"),
    .testTarget(name: "TrainingTests", dependencies: ["Training"]),
    .testTarget(name: "ScreenTests", dependencies: ["Screen"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "Screen"]),
    .testTarget(
      name: "DemosTests",
      dependencies: [
        "CLSTMKernel", "Demos", "ModelFiles", "Inspector", "Recurrent", "Screen", "Training",
        "Workbench",
      ],
      exclude: ["Replays"]),
    .testTarget(
      name: "WorkbenchTests", dependencies: ["Workbench", "Figures", "TraceFiles", "TestRandom"],
      resources: [.copy("Golden")]),
    .target(name: "CTestProcess", path: "Tests/CTestProcess"),
    .testTarget(
      name: "GatescopeTests",
      dependencies: [
        "gatescope", "CNcurses", "CTestProcess", "CursesTerminal", "ParquetReading", "Screen",
        "TestRandom",
      ],
      exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)

if isStrict {
  for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
    target.cSettings = (target.cSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}
