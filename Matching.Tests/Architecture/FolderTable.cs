namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>One line of a table: a folder, and the folders of its project that its code may use.</summary>
public sealed record FolderArrows(string Folder, params string[] MayUse);

/// <summary>
/// The allowed arrows between the top folders of one project. "." stands for the files beside the folders. A
/// folder is the part of a namespace after the project's, since namespaces follow folders.
/// </summary>
public sealed class FolderTable(string project, params FolderArrows[] arrows)
{
    private readonly Dictionary<string, string[]> _arrows =
        arrows.ToDictionary(line => line.Folder, line => line.MayUse);

    /// <summary>
    /// The uses that no line allows, and the arrows that nothing uses any more; empty where all is well.
    /// </summary>
    public IReadOnlyList<string> Faults(IEnumerable<TypeUse> uses)
    {
        SortedSet<string> faults = new(StringComparer.Ordinal);
        HashSet<(string From, string To)> unused =
            [.. _arrows.SelectMany(line => line.Value.Select(to => (line.Key, to)))];
        foreach (TypeUse use in uses)
        {
            if (FolderOf(use.From) is not { } from || FolderOf(use.To) is not { } to || from == to)
            {
                continue;
            }

            unused.Remove((from, to));
            if (!_arrows.TryGetValue(from, out string[]? allowed))
            {
                faults.Add($"{project}/{from} is no folder of the table");
            }
            else if (!allowed.Contains(to))
            {
                faults.Add(
                    $"{project}: {from} may not use {to}, but {use.From} ({use.FromFile}) uses {use.To}");
            }
        }

        faults.UnionWith(unused.Select(
            arrow => $"{project}: {arrow.From} no longer uses {arrow.To}; take it out"));
        return [.. faults];
    }

    /// <summary>The folders that lie on a circle of the table's own arrows.</summary>
    public IReadOnlyList<string> Circles() =>
        [.. _arrows.Keys.Where(folder => Reach(folder).Contains(folder)).Order()];

    private HashSet<string> Reach(string start)
    {
        HashSet<string> seen = [];
        Queue<string> next = new([start]);
        while (next.TryDequeue(out string? folder))
        {
            foreach (string to in _arrows.GetValueOrDefault(folder, []).Where(seen.Add))
            {
                next.Enqueue(to);
            }
        }

        return seen;
    }

    private string? FolderOf(string type)
    {
        string root = $"MatchCluster.{project}.";
        if (!type.StartsWith(root, StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = type[root.Length..].Split('.');
        return parts.Length == 1 ? "." : parts[0];
    }
}
