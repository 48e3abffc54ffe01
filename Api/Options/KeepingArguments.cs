using System.CommandLine;
using System.Globalization;
using MatchCluster.Matching;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Options;

/// <summary>The options about what is kept beside templates.</summary>
internal sealed class KeepingArguments
{
    private readonly Option<string?> pictures = new("--keep-pictures")
    {
        HelpName = "GALLERIES",
        Description = "Galleries that keep the pictures their templates were extracted from, encrypted "
            + "(docs/images.md), separated by ','. Wants a master key; with --agreements true galleries' "
            + "policies say it instead. Default: none",
    };

    private readonly Option<string?> opaque = new("--keep-opaque")
    {
        HelpName = "BYTES[,BYTES]",
        Description = "Keep enrolled items of types that are not compared (faces, voices) as they come, encrypted: "
            + "most bytes of an item, and of an encounter (docs/images.md). Wants a master key; with --agreements true "
            + "agreements say it instead. Default: none",
    };

    public IEnumerable<Option> All => [pictures, opaque];

    /// <summary>What is wrong; null where nothing is.</summary>
    public string? ProblemOf(ParseResult said) =>
        said.GetResult(pictures) is not null && Pictures(said) is not [_, ..]
            ? $"{pictures.Name}: found no name, wanted names of galleries, separated by ','"
        : said.GetResult(opaque) is not null && Opaque(said) is null
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{opaque.Name}: wanted most bytes of an item, and after a comma those of an encounter, which are no "
                + $"fewer: 1..{Limits.PictureBytes}")
        : null;

    public string[] Pictures(ParseResult said) =>
        (said.GetValue(pictures) ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public OpaqueLimits? Opaque(ParseResult said)
    {
        int?[] read =
        [
            .. (said.GetValue(opaque) ?? "").Split(',').Select(word => int.TryParse(
                word, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes)
                && bytes is >= 1 and <= Limits.PictureBytes ? bytes : (int?)null),
        ];
        return read switch
        {
            [{ } item] => new OpaqueLimits(item, Limits.PictureBytes),
            [{ } item, { } encounter] when item <= encounter => new OpaqueLimits(item, encounter),
            _ => null,
        };
    }
}
