using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Galleries;

/// <summary>What an encounter must satisfy before anything is done with it. Every refusal names the limit.</summary>
public static class EncounterRules
{
    private const int LongestType = 64;
    private const int FirstYear = 1850;
    private const int LastYear = 2200;

    /// <summary>What is wrong with an identifier of a name, or null.</summary>
    private delegate string? IdCheck(string name, string? id);

    /// <summary>Null where the encounter is acceptable.</summary>
    public static Refusal? Check(Encounter encounter) => Check(encounter, IdRule.Check);

    /// <summary>
    /// Null where an encounter that moves from one person to another is acceptable. An older version may have
    /// stored its identifiers, so older ones are accepted.
    /// </summary>
    public static Refusal? CheckMoved(Encounter encounter) => Check(encounter, IdRule.CheckHeld);

    /// <summary>Checks a list of galleries: at least one, each once, and none named ALL.</summary>
    public static Refusal? CheckGalleries(IReadOnlyList<string> galleries) => CheckGalleries(galleries, IdRule.Check);

    private static Refusal? Check(Encounter encounter, IdCheck rule)
    {
        ArgumentNullException.ThrowIfNull(encounter);
        return CheckId("personId", encounter.PersonId, rule)
            ?? CheckId("encounterId", encounter.EncounterId, rule)
            ?? CheckId("encounterType", encounter.EncounterType, rule)
            ?? CheckGalleries(encounter.Galleries, rule)
            ?? CheckContent(encounter, rule)
            ?? CheckSamples(encounter.Samples, rule)
            ?? CheckPictures(encounter);
    }

    private static Refusal? CheckPictures(Encounter encounter)
    {
        if (encounter.Pictures.Count > Limits.SamplesPerEncounter
            || encounter.PictureBytes > Limits.PictureBytes)
        {
            return Invalid(
                $"{encounter.Pictures.Count} pictures of {encounter.PictureBytes} bytes to keep, wanted at most "
                + $"{Limits.SamplesPerEncounter} of {Limits.PictureBytes}");
        }

        foreach (Picture picture in encounter.Pictures)
        {
            if (picture.OpaqueType is { } type
                && (picture.Samples.Count > 0 || type.Length is 0 or > LongestType
                    || type.Any(one => one is < '!' or > '~')))
            {
                return Invalid(
                    $"an opaque item of samples, or with another type than 1 to {LongestType} characters of ASCII");
            }

            if (picture.Length > Limits.PictureBytes || !picture.IsWhole
                || (picture.Samples.Count == 0) != picture.IsOpaque
                || picture.Samples.Any(sample => sample < 0 || sample >= encounter.Samples.Count))
            {
                return Invalid(
                    $"a picture of {picture.Length} bytes that is not whole, is longer than {Limits.PictureBytes} or "
                    + "is of no sample");
            }
        }

        return null;
    }

    private static Refusal? CheckId(string name, string id, IdCheck rule) =>
        rule(name, id) is { } wrong ? Invalid(wrong) : null;

    private static Refusal? CheckGalleries(IReadOnlyList<string> galleries, IdCheck rule)
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

            if (CheckId("a gallery name", gallery, rule) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>
    /// What a record and a frame can hold of the samples; whether a template is one is its decoder's question.
    /// </summary>
    private static Refusal? CheckSamples(IReadOnlyList<Sample> samples, IdCheck rule)
    {
        for (int i = 0; i < samples.Count; i++)
        {
            int most = ModalityTable.Of(samples[i].Position.Modality).MostTemplateBytes;
            if (samples[i].Template.Length < 1 || samples[i].Template.Length > most)
            {
                return Invalid($"sample {i}: a template of {samples[i].Template.Length} bytes, wanted 1 to {most}");
            }

            if (samples[i].Instance is { Length: > 0 } instance
                && CheckId($"sample {i}: instance", instance, rule) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? CheckContent(Encounter encounter, IdCheck rule)
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

        return CheckMissing(encounter, rule) ?? CheckYear(encounter);
    }

    private static Refusal? CheckMissing(Encounter encounter, IdCheck rule)
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
                if (text is not null && CheckId("a missing part", text, rule) is { } refusal)
                {
                    return refusal;
                }
            }

            if (item.Instance is { Length: > 0 } instance && CheckId("instance", instance, rule) is { } badInstance)
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
