using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>OSIA's names of template formats, and ours where it leaves room for more.</summary>
internal static class TemplateFormats
{
    private static readonly (string Name, TemplateFormat Format)[] All =
    [
        ("ISO_19794_2", TemplateFormat.Iso19794v2005),
        ("ISO_19794_2_2011", TemplateFormat.Iso19794v2011),
        ("ANSI_378", TemplateFormat.Ansi378v2004),
        ("ANSI_378_2009", TemplateFormat.Ansi378v2009),
        ("MATCHCLUSTER_IRIS_1", TemplateFormat.MatchClusterIris),
        ("OPEN_IRIS_JSON", TemplateFormat.OpenIrisJson),
    ];

    public static string NameOf(TemplateFormat format) => All.First(entry => entry.Format == format).Name;

    /// <summary>Every name, in a sentence.</summary>
    public static string Names => string.Join(", ", All.Select(entry => entry.Name));

    /// <summary>The format of a name; null where it is none of the modality's, or of any where none is said.</summary>
    public static TemplateFormat? Read(string name, Modality? modality = null)
    {
        foreach ((string known, TemplateFormat format) in All)
        {
            if (known == name && (modality is null || ModalityOf(format) == modality))
            {
                return format;
            }
        }

        return null;
    }

    public static string NamesOf(Modality modality) =>
        string.Join(", ", All.Where(entry => ModalityOf(entry.Format) == modality).Select(entry => entry.Name));

    public static Modality ModalityOf(TemplateFormat format) => ModalityTable.Of(format).Modality;
}
