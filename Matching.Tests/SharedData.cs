namespace MatchCluster.Matching.Tests;

/// <summary>
/// Finds data that lies beside the repository (a folder `shared` next to its root) and is no part of it;
/// tests that need it are skipped where it is absent.
/// </summary>
public static class SharedData
{
    /// <summary>The root of the repository that the tests were built from.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A path below the folder; the test is skipped where there is none.</summary>
    public static string Path(params string[] parts)
    {
        Skip.If(Root is null, "needs a folder 'shared' beside the repository");
        return System.IO.Path.Combine([Root!, .. parts]);
    }

    private static string? Find()
    {
        string shared = System.IO.Path.Combine(Repository, "..", "shared");
        return Directory.Exists(shared) ? System.IO.Path.GetFullPath(shared) : null;
    }

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "MatchCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("no MatchCluster.sln above the tests");
    }
}
