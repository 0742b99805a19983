import CLSTMKernel

/// The processors that this process may run on: of those that the system has, the ones that a scheduler
/// such as Slurm's has left to it.
public enum Processors {
  /// At least 1.
  public static var count: Int { max(1, Int(gs_processors())) }
}
