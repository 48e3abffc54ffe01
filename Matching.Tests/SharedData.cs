namespace MatchCluster.Matching.Tests;

/// <summary>
/// Finds data that lies beside the repository (a folder `shared` next to its root) and is no part of it;
/// tests that need it are skipped where it is absent.
/// </summary>
public static class SharedData
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A path below the folder.</summary>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine(
            [Root ?? throw new InvalidOperationException("no shared data beside the repository"), .. parts]);

    private static string? Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        for (; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MatchCluster.sln")))
            {
                string shared = System.IO.Path.Combine(folder.Parent?.FullName ?? folder.FullName, "shared");
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }
}

/// <summary>A fact that needs the data beside the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedData.Root is null)
        {
            Skip = "needs a folder 'shared' beside the repository";
        }
    }
}
