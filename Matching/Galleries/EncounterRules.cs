using System.Globalization;
using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Galleries;

/// <summary>What an encounter must satisfy before anything is done with it. Every refusal names the limit.</summary>
public static class EncounterRules
{
    private const int FirstYear = 1850;
    private const int LastYear = 2200;

    /// <summary>Null where the encounter is acceptable.</summary>
    public static Refusal? Check(Encounter encounter)
    {
        ArgumentNullException.ThrowIfNull(encounter);
        return CheckNewId("personId", encounter.PersonId)
            ?? CheckNewId("encounterId", encounter.EncounterId)
            ?? CheckNewId("encounterType", encounter.EncounterType)
            ?? CheckGalleries(encounter.Galleries)
            ?? CheckContent(encounter)
            ?? CheckSamples(encounter.Samples);
    }

    /// <summary>Whether a path takes this text for a step (this folder, the one above) and never for a name.</summary>
    public static bool IsDotSegment(string? text) => text is "." or "..";

    /// <summary>
    /// What is stored from now on: <see cref="CheckId"/>, and no format characters (Cf), which are not seen and
    /// turn the text around them. What is stored already with such an id can still be named, read and deleted.
    /// </summary>
    public static Refusal? CheckNewId(string name, string id)
    {
        if (CheckId(name, id) is { } refusal)
        {
            return refusal;
        }

        foreach (Rune rune in id.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
            {
                return Invalid($"{name} holds U+{rune.Value:X4}, wanted no format characters");
            }
        }

        return null;
    }

    /// <summary>1..128 bytes of UTF-8 without control characters, and no dot segment of a path.</summary>
    public static Refusal? CheckId(string name, string id)
    {
        if (string.IsNullOrEmpty(id))
        {
            return Invalid($"{name} is empty, wanted 1 to {Limits.IdBytes} bytes");
        }

        if (IsDotSegment(id))
        {
            return Invalid($"{name} is '{id}', which a path cannot name; wanted another identifier");
        }

        int bytes = Encoding.UTF8.GetByteCount(id);
        if (bytes > Limits.IdBytes)
        {
            return Invalid($"{name} has {bytes} bytes, wanted at most {Limits.IdBytes}");
        }

        foreach (Rune rune in id.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                return Invalid($"{name} holds U+{rune.Value:X4}, wanted no control or broken characters");
            }
        }

        return null;
    }

    /// <summary>At least one gallery, unique, none named ALL.</summary>
    public static Refusal? CheckGalleries(IReadOnlyList<string> galleries)
    {
        ArgumentNullException.ThrowIfNull(galleries);
        if (galleries.Count is 0 or > Limits.GalleriesPerEncounter)
        {
            return Invalid($"{galleries.Count} galleries, wanted 1 to {Limits.GalleriesPerEncounter}");
        }

        if (galleries.Distinct(StringComparer.Ordinal).Count() != galleries.Count)
        {
            return Invalid("a gallery is named twice, wanted unique names");
        }

        foreach (string gallery in galleries)
        {
            if (gallery == Search.AllGalleries)
            {
                return Invalid($"{Search.AllGalleries} stands for every gallery, wanted the name of one");
            }

            if (CheckNewId("a gallery name", gallery) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>
    /// What a record and a frame can hold of the samples; whether a template is one is its decoder's question.
    /// </summary>
    private static Refusal? CheckSamples(IReadOnlyList<Sample> samples)
    {
        for (int i = 0; i < samples.Count; i++)
        {
            int most = samples[i].Position.MostTemplateBytes;
            if (samples[i].Template.Length < 1 || samples[i].Template.Length > most)
            {
                return Invalid($"sample {i}: a template of {samples[i].Template.Length} bytes, wanted 1 to {most}");
            }

            if (samples[i].Instance is { Length: > 0 } instance
                && CheckId($"sample {i}: instance", instance) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? CheckContent(Encounter encounter)
    {
        if (encounter.Samples.Count > Limits.SamplesPerEncounter)
        {
            return Invalid($"{encounter.Samples.Count} samples, wanted at most {Limits.SamplesPerEncounter}");
        }

        if (encounter.ClientData.Length > Limits.ClientDataBytes)
        {
            return Invalid(
                $"clientData has {encounter.ClientData.Length} bytes, wanted at most {Limits.ClientDataBytes}");
        }

        return CheckMissing(encounter) ?? CheckYear(encounter);
    }

    private static Refusal? CheckMissing(Encounter encounter)
    {
        if (encounter.Missing.Count > Limits.SamplesPerEncounter)
        {
            return Invalid($"{encounter.Missing.Count} missing items, wanted at most {Limits.SamplesPerEncounter}");
        }

        foreach (MissingItem item in encounter.Missing)
        {
            if (item.Parts.Count is 0 or > Limits.MissingParts)
            {
                return Invalid($"{item.Parts.Count} missing parts of an item, wanted 1 to {Limits.MissingParts}");
            }

            if (item.Sample is { } sample && (sample < 0 || sample >= encounter.Samples.Count))
            {
                return Invalid($"what is missing of sample {sample}, wanted one of {encounter.Samples.Count}");
            }

            foreach (string? text in (string?[])[item.Place, .. item.Parts.Select(part => part.Place)])
            {
                if (text is not null && CheckId("a missing part", text) is { } refusal)
                {
                    return refusal;
                }
            }

            if (item.Instance is { Length: > 0 } instance && CheckId("instance", instance) is { } badInstance)
            {
                return badInstance;
            }
        }

        return null;
    }

    private static Refusal? CheckYear(Encounter encounter)
    {
        return encounter.YearOfBirth is < FirstYear or > LastYear
            ? Invalid($"year of birth {encounter.YearOfBirth}, wanted {FirstYear} to {LastYear}")
            : null;
    }

    private static Refusal Invalid(string reason) => new(RefusalKind.Invalid, reason);
}
