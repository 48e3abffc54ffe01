namespace MatchCluster.Api.Hosting;

/// <summary>A directory that ends with its owner.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("matchcluster-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Somebody else has a file of it open; the system's temporary directory is cleaned by the system.
        }
    }
}
