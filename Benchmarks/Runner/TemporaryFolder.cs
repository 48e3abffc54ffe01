namespace MatchCluster.Benchmarks.Runner;

/// <summary>A folder that is gone when it is disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(DirectoryInfo? parent) => Folder = Directory.CreateDirectory(
        Path.Combine(parent?.FullName ?? Path.GetTempPath(), $"matchcluster-benchmark-{Guid.NewGuid():n}"));

    public DirectoryInfo Folder { get; }

    public void Dispose() => Folder.Delete(recursive: true);
}
