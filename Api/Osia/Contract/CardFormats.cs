using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>
/// OSIA's names of the card formats of ISO/IEC 19794-2:2005. They state neither finger nor resolution: what comes in
/// them is kept as a record of the same standard, under the caller's label.
/// </summary>
internal static class CardFormats
{
    /// <summary>What minutiae of a card are stored as.</summary>
    public const TemplateFormat StoredAs = TemplateFormat.Iso19794v2005;

    private const string Normal = "ISO_19794_2_NS";
    private const string Compact = "ISO_19794_2_CS";

    /// <summary>The size of a name; null where it is no card format.</summary>
    public static CardSize? Read(string? name) => name switch
    {
        Normal => CardSize.Normal,
        Compact => CardSize.Compact,
        _ => null,
    };

    public static string NameOf(CardSize size) => size switch
    {
        CardSize.Normal => Normal,
        CardSize.Compact => Compact,
    };
}
