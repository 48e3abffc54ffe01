using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Operator;

/// <summary>What a call of /mc/v1/extract asks for in its query: drawings and formats, by lists with commas.</summary>
internal sealed record ExtractAsked
{
    private const char Comma = ',';

    private static readonly Dictionary<string, DrawingKind> Kinds =
        Enum.GetValues<DrawingKind>().ToDictionary(WordOf, StringComparer.Ordinal);

    private readonly List<AskedFormat> formats = [];

    /// <summary>What is to be drawn.</summary>
    public required IReadOnlyList<DrawingKind> Drawings { get; init; }

    /// <summary>The word for a drawing, in queries and answers.</summary>
    public static string WordOf(DrawingKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What the query asks for, or the word in it that asks for nothing.</summary>
    public static Parsed<ExtractAsked> Read(string? picture, string? templateFormat)
    {
        List<DrawingKind> drawings = [];
        foreach (string word in WordsOf(picture))
        {
            if (!Kinds.TryGetValue(word, out DrawingKind kind) || drawings.Contains(kind))
            {
                return Failure.Invalid(
                    "picture", word, $"some of {string.Join(", ", Kinds.Keys)}, each once, with commas between");
            }

            drawings.Add(kind);
        }

        ExtractAsked asked = new() { Drawings = drawings };
        foreach (string name in WordsOf(templateFormat))
        {
            CardSize? card = CardFormats.Read(name);
            TemplateFormat? format = card is null ? TemplateFormats.Read(name) : CardFormats.StoredAs;
            if (format is null || asked.formats.Exists(
                other => TemplateFormats.ModalityOf(other.Format) == TemplateFormats.ModalityOf(format.Value)))
            {
                return Failure.Invalid(
                    "templateFormat", name, $"one of fingers and one of irises at most, of {TemplateFormats.Names}, "
                        + $"{CardFormats.NameOf(CardSize.Normal)}, {CardFormats.NameOf(CardSize.Compact)}");
            }

            asked.formats.Add(new AskedFormat(format.Value, card));
        }

        return asked;
    }

    /// <summary>A template in the format that is asked for of its modality, or in its own.</summary>
    public Parsed<OsiaComputedData?> Write(Sample sample)
    {
        AskedFormat asked = this.formats.Find(
            each => TemplateFormats.ModalityOf(each.Format) == sample.Position.Modality)
            ?? new AskedFormat(sample.Format, null);
        return asked.Card is { } size ? TemplateWriter.WriteCard(sample, size, null)
            : TemplateWriter.Write(sample, asked.Format, null);
    }

    private static string[] WordsOf(string? list) => list is null ? [] : list.Split(Comma);

    private sealed record AskedFormat(TemplateFormat Format, CardSize? Card);
}
