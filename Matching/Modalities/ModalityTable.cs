using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Modalities;

/// <summary>
/// The modalities that are compared. What differs between them, outside the loops that compare, is asked of their
/// <see cref="ModalityRules"/>. docs/extending.md says what else a new one needs.
/// </summary>
public static class ModalityTable
{
    private static readonly ModalityRules[] Rows = [new FingerModality(), new IrisModality()];
    private static readonly ModalityRules?[] ByModality = Index(Rows);

    /// <summary>Every modality, in the order in which an encounter's rows lie.</summary>
    public static IReadOnlyList<ModalityRules> All => Rows;

    /// <summary>The smallest value of a modality, as it is stored and sent.</summary>
    internal static int Least { get; } = Rows.Min(rules => (int)rules.Modality);

    /// <summary>The largest one.</summary>
    internal static int Most { get; } = Rows.Max(rules => (int)rules.Modality);

    /// <summary>The rules of a modality.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has none: no other stands in for it.</exception>
    public static ModalityRules Of(Modality modality) =>
        (int)modality < ByModality.Length && ByModality[(int)modality] is { } rules ? rules
            : throw new ArgumentOutOfRangeException(nameof(modality), modality, "a modality without rules");

    /// <summary>The rules of the modality whose templates a format holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No modality has it.</exception>
    public static ModalityRules Of(TemplateFormat format)
    {
        foreach (ModalityRules rules in Rows)
        {
            if (rules.Formats.Contains(format))
            {
                return rules;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(format), format, "a template format of no modality");
    }

    private static ModalityRules?[] Index(ModalityRules[] rows)
    {
        var index = new ModalityRules?[rows.Max(rules => (int)rules.Modality) + 1];
        foreach (ModalityRules rules in rows)
        {
            index[(int)rules.Modality] = rules;
        }

        return index;
    }
}
