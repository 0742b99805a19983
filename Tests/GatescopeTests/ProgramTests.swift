import Testing

/// The built program on a pseudo-terminal. One test after the other: each wants the processor for
/// itself for a moment.
@Suite(.serialized) struct ProgramTests {}

/// The built program without a terminal.
@Suite struct CommandLineTests {}
