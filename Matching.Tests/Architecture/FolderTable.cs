using System.Reflection;
using System.Text.RegularExpressions;

namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>One line of a table: a folder, and the folders of its project that its code may use.</summary>
public sealed record FolderArrows(string Folder, params string[] MayUse);

/// <summary>
/// The allowed arrows between the folders of one project: its top folders, and those in them that have a line of
/// their own ("Osia/Reading"). "." stands for the files beside the folders. A folder is the part of a namespace
/// after the project's, since namespaces follow folders.
/// </summary>
public sealed partial class FolderTable(string project, params FolderArrows[] arrows)
{
    private readonly Dictionary<string, string[]> _arrows =
        arrows.ToDictionary(line => line.Folder, line => line.MayUse);

    /// <summary>
    /// The uses in the assembly of the project that no line allows, each with the two files; the arrows that nothing
    /// uses any more; the folders without a line and the lines without a folder; the files whose namespace is not
    /// that of their folder. Empty where all is well.
    /// </summary>
    public IReadOnlyList<string> FaultsOf(Assembly assembly)
    {
        Dictionary<string, string> sources = Sources();
        ILookup<string, string> files = sources
            .SelectMany(source => Declared().Matches(source.Value).Select(
                found => (Type: $"{NamespaceOf(source.Value)}.{found.Groups[1].Value}", File: source.Key)))
            .ToLookup(it => it.Type, it => it.File);
        string path = assembly.Location;
        return
        [
            .. LayoutFaults(sources),
            .. Faults(
                [.. CompiledReferences.Of(path), .. CompiledReferences.OfConstants(path, sources)],
                type => files[type.Split('`')[0]].FirstOrDefault() ?? "no file"),
        ];
    }

    private IEnumerable<string> LayoutFaults(Dictionary<string, string> sources)
    {
        HashSet<string> found = [];
        foreach ((string file, string text) in sources.Where(source => NamespaceOf(source.Value).Length > 0))
        {
            string folder = Path.GetDirectoryName(file)!.Replace('\\', '/');
            string wanted = $"MatchCluster.{project}" + (folder.Length == 0 ? "" : "." + folder.Replace('/', '.'));
            if (NamespaceOf(text) != wanted)
            {
                yield return $"{project}/{file}: found the namespace {NamespaceOf(text)}, wanted {wanted}";
            }

            found.Add(FolderOf(wanted + ".File")!);
        }

        foreach (string folder in found.Except(_arrows.Keys))
        {
            yield return $"{project}/{folder} is no folder of the table";
        }

        foreach (string folder in _arrows.Keys.Except(found))
        {
            yield return $"{project}/{folder} is in the table and has no file";
        }
    }

    /// <summary>
    /// The uses that no line allows, and the arrows that nothing uses any more; empty where all is well.
    /// </summary>
    /// <param name="uses">Uses of one type by another one.</param>
    /// <param name="fileOf">The file of a type that is used.</param>
    public IReadOnlyList<string> Faults(IEnumerable<TypeUse> uses, Func<string, string> fileOf)
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
                    $"{project}: {from} may not use {to}, but {use.From} ({use.FromFile}) uses {use.To} "
                    + $"({fileOf(use.To)})");
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

        string[] parts = type[root.Length..].Split('.')[..^1];
        string inner = string.Join('/', parts.Take(2));
        return parts.Length == 0 ? "." : _arrows.ContainsKey(inner) ? inner : parts[0];
    }

    private Dictionary<string, string> Sources()
    {
        string root = Path.Combine(SharedData.Repository, project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal)
                && !file.StartsWith("bin/", StringComparison.Ordinal))
            .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(root, file)));
    }

    private static string NamespaceOf(string text) => Namespace().Match(text).Groups[1].Value;

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^[\w ]*\b(?:class|struct|record|interface|enum|delegate \S+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
