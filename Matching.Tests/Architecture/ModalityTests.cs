using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>A modality is one thing: its rules are in one table, and no code takes another one for it.</summary>
public sealed class ModalityTests
{
    private static readonly string[] Projects = ["Matching", "Api", "Grains", "Silo", "LoadTest"];

    /// <summary>Where a format or a modality is what the code is about.</summary>
    private static readonly string[] Homes = ["Matching/Modalities/", "Matching/Templates/"];

    [Fact]
    public void No_branch_takes_a_new_modality_or_format_for_an_old_one()
    {
        List<string> found = [];
        foreach (string project in Projects)
        {
            string root = Path.Combine(SharedData.Repository, project);
            foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
            {
                string name = $"{project}/{Path.GetRelativePath(root, file).Replace('\\', '/')}";
                if (!Homes.Any(home => name.StartsWith(home, StringComparison.Ordinal))
                    && !name.Contains("/obj/", StringComparison.Ordinal)
                    && !name.Contains("/bin/", StringComparison.Ordinal))
                {
                    IReadOnlyList<string> branches = ModalityBranches.Of(File.ReadAllText(file));
                    found.AddRange(branches.Select(branch => $"{name}, {branch}"));
                }
            }
        }

        Assert.True(
            found.Count == 0,
            "Ask ModalityTable, or write a switch that names every value and has no rest:\n"
            + string.Join('\n', found));
    }

    [Theory]
    [InlineData("bool eye = place.Modality != Modality.Finger;")]
    [InlineData("return place.Modality == Modality.Finger ? 1 : 2;")]
    [InlineData("return Modality.Finger == place.Modality ? 1 : 2;")]
    [InlineData("return place.Modality is Modality.Iris;")]
    [InlineData("return place is { Modality: not Modality.Iris };")]
    [InlineData("return format >= TemplateFormat.MatchClusterIris;")]
    [InlineData("return type is not (BiometricType.Finger or BiometricType.Iris);")]
    [InlineData("if (place.Modality != Modality.Finger) { return null; }")]
    [InlineData("return only switch { Modality.Finger => 1, _ => 2 };")]
    [InlineData("switch (only) { case Modality.Finger: { f(); break; } default: g(); break; }")]
    [InlineData("switch (only) { case Modality.Finger when some: f(); break; case var other: g(other); break; }")]
    public void Such_a_branch_is_found(string code) => Assert.NotEmpty(ModalityBranches.Of(code));

    [Theory]
    [InlineData("if (place.Modality != Modality.Finger) { throw new ArgumentException(); }")]
    [InlineData("return only switch { Modality.Finger => 1, Modality.Iris => n switch { 1 => 2, _ => 3 } };")]
    [InlineData("return only switch { Modality.Finger => 1, _ => throw new InvalidOperationException() };")]
    [InlineData("return word switch { \"FINGER\" => Modality.Finger, _ => null };")]
    [InlineData("switch (only) { case Modality.Finger or Modality.Iris: break; case var other: throw f(other); }")]
    [InlineData("bool fingers = filter.Includes(Modality.Finger); // == Modality.Finger")]
    [InlineData("return a.Modality == b.Modality;")]
    public void Other_code_is_not(string code) => Assert.Empty(ModalityBranches.Of(code));

    [Fact]
    public void Every_modality_has_its_row()
    {
        Assert.Equal(Enum.GetValues<Modality>(), ModalityTable.All.Select(rules => rules.Modality).Order());
        Assert.All(ModalityTable.All, rules =>
        {
            Assert.Same(rules, ModalityTable.Of(rules.Modality));
            Assert.Equal(rules.Modality, rules.Unknown.Modality);
            Assert.True(rules.Unknown.IsUnknown);
            Assert.NotEmpty(rules.Formats);
            Assert.True(rules.MostTemplateBytes > 0);
            Assert.Equal(0, RowArena.MostAlignment % rules.RowAlignment);
        });
        Assert.Equal(ModalityTable.All.Count, ModalityTable.All.Select(rules => rules.Name).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => ModalityTable.Of((Modality)0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModalityTable.Of((Modality)3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModalityTable.Of((Modality)255));
    }

    [Fact]
    public void Every_format_is_read_and_written_by_one_modality()
    {
        Assert.Equal(
            Enum.GetValues<TemplateFormat>(), ModalityTable.All.SelectMany(rules => rules.Formats).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => ModalityTable.Of((TemplateFormat)200));
        foreach (TemplateFormat format in Enum.GetValues<TemplateFormat>())
        {
            foreach (ModalityRules rules in ModalityTable.All)
            {
                bool isOwn = rules == ModalityTable.Of(format);
                Rejection? rejection = rules.Decode(format, new byte[40]).Rejection;
                Assert.NotNull(rejection);
                Assert.Equal(!isOwn, rejection.Found == $"template format {format}");
            }
        }
    }

    [Fact]
    public void A_sample_is_written_and_read_again_in_every_format_of_its_modality()
    {
        foreach (Sample sample in TestPeople.Samples(1, [2], [1], 0))
        {
            ModalityRules rules = ModalityTable.Of(sample.Position.Modality);
            DecodedSample decoded = SampleDecoder.Decode(sample, 0).Value!;
            Assert.All(rules.Formats, format =>
            {
                // open-iris has no such shape; what a format has no room for is refused by a reason.
                if (format == TemplateFormat.OpenIrisJson)
                {
                    Assert.Throws<ArgumentException>(() => rules.Encode(format, decoded, sample.Position));
                    return;
                }

                Decoded<DecodedSample> again = rules.Decode(format, rules.Encode(format, decoded, sample.Position));
                Assert.Equal([sample.Position], again.Value!.Places);
                Assert.Equal(LengthsOf(rules.Rows(decoded)), LengthsOf(rules.Rows(again.Value)));
            });
        }
    }

    private static IEnumerable<int> LengthsOf(IEnumerable<PlacedRow> rows) => rows.Select(row => row.Row.Length);

    [Fact]
    public void A_place_that_can_be_read_is_of_a_modality_with_rules()
    {
        int places = 0;
        for (int code = 0; code <= byte.MaxValue; code++)
        {
            if (BiometricPosition.TryFromCode((byte)code, out BiometricPosition? position))
            {
                places++;
                Assert.NotNull(ModalityTable.Of(position.Value.Modality));
                Assert.NotEqual("", position.Value.ToString());
            }
        }

        Assert.Equal(11 + 3, places);
    }
}
