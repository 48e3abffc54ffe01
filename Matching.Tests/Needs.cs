namespace MatchCluster.Matching.Tests;

/// <summary>
/// What a test needs of its machine. Whoever starts a program, or opens what is no part of the repository, asks
/// here first: without it the test, a <c>SkippableFact</c> or <c>SkippableTheory</c>, is skipped and its report
/// says why.
/// </summary>
internal static class Needs
{
    /// <summary>A program on the PATH.</summary>
    /// <param name="names">What it is called; the first that is found counts.</param>
    /// <returns>Where it is.</returns>
    public static string OnPath(params string[] names)
    {
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        Skip.If(found is null, $"needs {string.Join(" or ", names)} on the PATH");
        return found!;
    }

    /// <summary>File modes, which Windows does not have.</summary>
    public static void Unix() => Skip.If(OperatingSystem.IsWindows(), "needs the file modes of Unix");
}
