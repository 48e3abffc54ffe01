using System.Xml.Linq;

namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>The rules of the house that a compiler does not hold.</summary>
public sealed class ArchitectureTests
{
    private const int LongestLine = 120;
    private const int LongestFile = 400;

    private static readonly string[] Drawers = ["Helper", "Helpers", "Util", "Utils", "Manager"];

    private static readonly string Root = SharedData.Repository;

    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Matching"] = [],
        ["ServiceDefaults"] = [],
        ["Api"] = ["Matching", "ServiceDefaults", "Grains"],
        ["Grains"] = ["Matching"],
        ["Silo"] = ["Grains", "ServiceDefaults"],
        ["AppHost"] = ["Matching", "Api", "Silo", "LoadTest"],
        ["Benchmarks"] = ["Matching", "Grains", "Silo"],
        ["LoadTest"] = ["Matching"],
        ["Matching.Tests"] = ["Matching"],
        ["Api.Tests"] = ["Api", "LoadTest", "Benchmarks"],
        ["Grains.Tests"] = ["Grains", "Silo", "Api", "AppHost", "Matching.Tests"],
    };

    [Fact]
    public void Arrows_between_projects_point_inward()
    {
        foreach ((string project, string[] allowed) in Arrows)
        {
            IEnumerable<string> references = XDocument.Load(Path.Combine(Root, project, $"{project}.csproj"))
                .Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
            Assert.All(references, reference => Assert.Contains(reference, allowed));
        }
    }

    [Fact]
    public void The_engine_depends_on_the_base_library_its_store_its_codecs_and_checksums_only()
    {
        XDocument engine = XDocument.Load(Path.Combine(Root, "Matching", "Matching.csproj"));
        Assert.Empty(engine.Descendants("FrameworkReference"));
        Assert.Equal(
            ["BitMiracle.LibTiff.NET", "Magick.NET-Q8-x64", "Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3",
                "System.IO.Hashing"],
            engine.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value));
    }

    [Fact]
    public void The_top_level_is_the_architecture()
    {
        string[] known =
        [
            .. Arrows.Keys, "docs", "deploy",
        ];
        IEnumerable<string> folders = Directory.EnumerateDirectories(Root)
            .Select(path => Path.GetFileName(path))
            .Where(name => name[0] != '.' && name is not ("bin" or "obj" or "TestResults"));
        Assert.All(folders, folder => Assert.Contains(folder, known));
    }

    [Fact]
    public void Files_and_lines_stay_readable_and_no_file_is_a_drawer()
    {
        List<string> broken = [];
        foreach (string file in Sources())
        {
            string[] lines = File.ReadAllLines(file);
            string name = Path.GetRelativePath(Root, file);
            if (lines.Length > LongestFile)
            {
                broken.Add($"{name} has {lines.Length} lines, wanted at most {LongestFile}");
            }

            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length > LongestLine)
                {
                    broken.Add($"{name}:{i + 1} has {lines[i].Length} columns, wanted at most {LongestLine}");
                }
            }

            string stem = Path.GetFileNameWithoutExtension(file);
            if (Drawers.Any(drawer => stem.EndsWith(drawer, StringComparison.Ordinal)))
            {
                broken.Add($"{name}: a file is one idea, not a drawer");
            }
        }

        Assert.Empty(broken);
    }

    private static IEnumerable<string> Sources() => Arrows.Keys
        .Select(project => Path.Combine(Root, project))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}"));
}
