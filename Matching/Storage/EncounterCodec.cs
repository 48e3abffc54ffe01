using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// An encounter as the bytes that every store keeps. Versions 1, 2, 4, 5 and 6 are frozen (golden files); a change is a
/// new version and the old ones are still read. One encounter has exactly one encoding: what is decoded encodes
/// back to the same bytes.
/// </summary>
/// <remarks>
/// After the header of <see cref="EncounterFrame"/>, integers little-endian, text as length (2) and UTF-8:
/// person id, encounter id (text); record id (16, RFC 9562 order); status (1); sex (1); presence (1: bit 0
/// year of birth, bit 1 moved-from); encounter type (text); created, updated (8 each: 100 ns ticks since
/// 0001-01-01Z); year of birth (4) and moved-from (text) where present; galleries (count 1, texts); client
/// data (length 4, bytes); samples (<see cref="SampleCodec"/>).
/// Version 2 is written where the encounter has what version 1 cannot say, and only there: presence has bit 2 for a
/// move under way, bit 3 for the origin and bit 4 for what is missing. They follow on the samples, the last one first:
/// <see cref="MissingCodec"/>; <see cref="TransitCodec"/>; call, content (16 each).
/// Version 4 is written where the encounter expires or is held, and only there: presence has bit 5 for the time of
/// expiry, which follows last of all (8, ticks as above), and bit 6 for a legal hold.
/// Version 5 is written where the encounter has pictures, and only there: presence has bit 7, and their facts
/// (<see cref="PictureFacts"/>) follow last of all. Their bytes are no part of the record. Version 6 is version 5 with
/// opaque items among them, and written only then.
/// </remarks>
public static class EncounterCodec
{
    private const byte HasYearOfBirth = 1;
    private const byte HasMovedFrom = 2;
    private const byte HasTransit = 4;
    private const byte HasOrigin = 8;
    private const byte HasMissing = 16;
    private const byte HasExpiry = 32;
    private const byte HasHold = 64;
    private const byte HasPictures = 128;
    private const int WithOpaque = 6;
    private const int OnlyVersion2 = HasTransit | HasOrigin | HasMissing;
    private const int OnlyVersion4 = HasExpiry | HasHold;
    private const int MinStatus = (int)EncounterStatus.Active;
    private const int MaxStatus = (int)EncounterStatus.Inactive;
    private const int MinSex = (int)Sex.Unknown;
    private const int MaxSex = (int)Sex.Female;

    /// <summary>The frame of an encounter.</summary>
    /// <exception cref="ArgumentException">It breaks a limit: callers admit encounters before they store
    /// them.</exception>
    public static byte[] Encode(Encounter encounter)
    {
        FrameWriter writer = new(Estimate(encounter));
        writer.Skip(EncounterFrame.HeaderBytes);
        writer.Text("person id", encounter.PersonId, 1, Limits.IdBytes);
        writer.Text("encounter id", encounter.EncounterId, 1, Limits.IdBytes);
        writer.Guid(encounter.RecordId);
        writer.Small("status", (int)encounter.Status, MinStatus, MaxStatus);
        writer.Small("sex", (int)encounter.Sex, MinSex, MaxSex);
        writer.Byte(Presence(encounter));
        writer.Text("encounter type", encounter.EncounterType, 0, Limits.IdBytes);
        writer.Instant(encounter.Created);
        writer.Instant(encounter.Updated);
        if (encounter.YearOfBirth is { } year)
        {
            writer.Int32(year);
        }

        if (encounter.MovedFrom is { } source)
        {
            writer.Text("moved-from", source, 1, Limits.IdBytes);
        }

        WriteGalleries(writer, encounter.Galleries);
        writer.Bytes("client data", encounter.ClientData.Span, 0, Limits.ClientDataBytes);
        SampleCodec.WriteAll(writer, encounter.Samples);
        if (encounter.Missing.Count > 0)
        {
            MissingCodec.WriteAll(writer, encounter.Missing);
        }

        if (encounter.Transit is { } transit)
        {
            TransitCodec.Write(writer, transit);
        }

        if (encounter.Origin is { } origin)
        {
            writer.Guid(origin.Call);
            writer.Guid(origin.Content);
        }

        if (encounter.ExpiresAt is { } expiry)
        {
            writer.Instant(expiry);
        }

        if (encounter.Pictures.Count > 0)
        {
            PictureFacts.WriteAll(writer, encounter.Pictures);
        }

        return EncounterFrame.Seal(
            writer.ToArray(),
            encounter.Pictures.Any(one => one.IsOpaque) ? WithOpaque : VersionOf(Presence(encounter)));
    }

    /// <summary>The encounter in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<Encounter> Decode(ReadOnlySpan<byte> frame)
    {
        if (EncounterFrame.Check(frame) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, EncounterFrame.HeaderBytes);
        string person = reader.Text("person id", 1, Limits.IdBytes);
        string id = reader.Text("encounter id", 1, Limits.IdBytes);
        Guid record = reader.Guid("record id");
        int status = reader.Small("status", MinStatus, MaxStatus);
        int sex = reader.Small("sex", MinSex, MaxSex);
        const int AnyVersion = HasYearOfBirth | HasMovedFrom;
        int presence = EncounterFrame.VersionOf(frame) switch
        {
            1 => reader.Small("presence", 0, AnyVersion),
            2 => reader.Small("presence", HasTransit, AnyVersion | OnlyVersion2),
            4 => reader.Small("presence", HasExpiry, AnyVersion | OnlyVersion2 | OnlyVersion4),
            _ => reader.Small("presence", HasPictures, byte.MaxValue),
        };
        Encounter encounter = new()
        {
            PersonId = person,
            EncounterId = id,
            RecordId = record,
            Status = (EncounterStatus)status,
            Sex = (Sex)sex,
            EncounterType = reader.Text("encounter type", 0, Limits.IdBytes),
            Created = reader.Instant("created"),
            Updated = reader.Instant("updated"),
            YearOfBirth = (presence & HasYearOfBirth) != 0 ? reader.Int32("year of birth") : null,
            MovedFrom = (presence & HasMovedFrom) != 0 ? reader.Text("moved-from", 1, Limits.IdBytes) : null,
            Galleries = ReadGalleries(ref reader),
            ClientData = reader.Bytes("client data", 0, Limits.ClientDataBytes),
            Samples = SampleCodec.ReadAll(ref reader),
            Missing = (presence & HasMissing) != 0 ? MissingCodec.ReadAll(ref reader) : [],
            Transit = (presence & HasTransit) != 0 ? TransitCodec.Read(ref reader) : null,
            Origin = (presence & HasOrigin) != 0
                ? new Origin(reader.Guid("call"), reader.Guid("content")) : null,
            ExpiresAt = (presence & HasExpiry) != 0 ? reader.Instant("expiry") : null,
            IsHeld = (presence & HasHold) != 0,
            Pictures = (presence & HasPictures) != 0
                ? PictureFacts.ReadAll(ref reader, withOpaque: EncounterFrame.VersionOf(frame) == WithOpaque) : [],
        };
        reader.End();
        return reader.Rejection is { } rejection ? rejection : encounter;
    }

    private static byte Presence(Encounter encounter) => (byte)(
        (encounter.YearOfBirth is null ? 0 : HasYearOfBirth)
        | (encounter.MovedFrom is null ? 0 : HasMovedFrom)
        | (encounter.Transit is null ? 0 : HasTransit)
        | (encounter.Origin is null ? 0 : HasOrigin)
        | (encounter.Missing.Count == 0 ? 0 : HasMissing)
        | (encounter.ExpiresAt is null ? 0 : HasExpiry)
        | (encounter.IsHeld ? HasHold : 0)
        | (encounter.Pictures.Count == 0 ? 0 : HasPictures));

    private static int VersionOf(byte presence) => (presence & HasPictures) != 0 ? 5
        : (presence & OnlyVersion4) != 0 ? 4
        : (presence & OnlyVersion2) != 0 ? 2 : 1;

    /// <summary>A size a little above the exact one, so that the buffer does not grow.</summary>
    private static int Estimate(Encounter encounter)
    {
        int bytes = 1024 + encounter.ClientData.Length;
        foreach (Sample sample in encounter.Samples)
        {
            bytes += 64 + sample.Template.Length;
        }

        return bytes;
    }

    private static void WriteGalleries(FrameWriter writer, IReadOnlyList<string> galleries)
    {
        writer.Small("number of galleries", galleries.Count, 1, Limits.GalleriesPerEncounter);
        for (int i = 0; i < galleries.Count; i++)
        {
            if (galleries.Take(i).Contains(galleries[i]))
            {
                throw new ArgumentException("a gallery is named twice, wanted each once");
            }

            writer.Text("gallery", galleries[i], 1, Limits.IdBytes);
        }
    }

    private static List<string> ReadGalleries(ref FrameReader reader)
    {
        int count = reader.Small("number of galleries", 1, Limits.GalleriesPerEncounter);
        List<string> galleries = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            int at = reader.At;
            string gallery = reader.Text("gallery", 1, Limits.IdBytes);
            if (galleries.Contains(gallery))
            {
                reader.Reject(at, "a gallery named twice", "each gallery once");
            }

            galleries.Add(gallery);
        }

        return galleries;
    }
}
