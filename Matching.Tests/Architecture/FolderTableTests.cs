namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>A table of arrows says what breaks it.</summary>
public sealed class FolderTableTests
{
    private static readonly FolderTable Table = new(
        "P", new FolderArrows("Words"), new FolderArrows("Osia/Reading", "Words"), new FolderArrows("Osia", "Words"));

    [Fact]
    public void A_use_that_no_line_allows_is_named_with_both_files()
    {
        string fault = Assert.Single(Faults(
            Use("Words.Word", "Osia.Reading.Reader"), Use("Osia.Reading.Reader", "Words.Word"),
            Use("Osia.Writer", "Words.Word")));
        Assert.Equal(
            "P: Words may not use Osia/Reading, but MatchCluster.P.Words.Word (Words.Word.cs) uses "
            + "MatchCluster.P.Osia.Reading.Reader (its file)",
            fault);
    }

    [Fact]
    public void An_arrow_that_nothing_uses_is_named() => Assert.Equal(
        ["P: Osia/Reading no longer uses Words; take it out"], Faults(Use("Osia.Writer", "Words.Word")));

    [Fact]
    public void A_folder_without_a_line_is_named()
    {
        IReadOnlyList<string> faults = Faults(
            Use("Osia.Writer", "Words.Word"), Use("Osia.Reading.Reader", "Words.Word"), Use("New.Thing", "Words.Word"));
        Assert.Equal(["P/New is no folder of the table"], faults);
    }

    [Fact]
    public void A_circle_is_found_and_what_only_leads_into_it_is_not_on_it()
    {
        FolderTable round = new(
            "P", new FolderArrows("A", "B"), new FolderArrows("B", "C"), new FolderArrows("C", "B"));
        Assert.Equal(["B", "C"], round.Circles());
    }

    private static IReadOnlyList<string> Faults(params TypeUse[] uses) => Table.Faults(uses, _ => "its file");

    private static TypeUse Use(string from, string to) =>
        new($"MatchCluster.P.{from}", $"{from}.cs", $"MatchCluster.P.{to}");
}
