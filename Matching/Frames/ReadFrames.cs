using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Frames;

/// <summary>
/// A read on its way to a partition. After the header: kind (1); person 1: person (text); gallery 2: gallery
/// (text), skip (4), limit (4); version 2 has gallery after a member 3: as 2, then person and encounter
/// (texts); version 3 has pictures 4: person, encounter (texts); version 4 has probes 5: gallery (text), persons (4),
/// presence (1: bit 0 after, 1 since), then the person (text) and the time (8, milliseconds since 1970) where present.
/// </summary>
public static class ReadQueryFrame
{
    private const byte Person = 1;
    private const byte Gallery = 2;
    private const byte GalleryAfter = 3;
    private const byte Pictures = 4;
    private const byte Probes = 5;
    private const ushort WithAfter = 2;
    private const ushort WithPictures = 3;
    private const ushort Newest = 4;
    private const int HasAfter = 1;
    private const int HasSince = 2;

    /// <summary>The end of the year 9999.</summary>
    private const long LastMillisecond = 253402300799999;

    public static byte[] Encode(ReadQuery query)
    {
        FrameWriter writer = FrameHeader.Begin(256);
        ushort version = 1;
        switch (query)
        {
            case ReadQuery.Person person:
                writer.Byte(Person);
                writer.Text("person id", person.PersonId, 0, ushort.MaxValue);
                break;
            case ReadQuery.Gallery gallery:
                writer.Byte(gallery.After is null ? Gallery : GalleryAfter);
                writer.Text("gallery", gallery.GalleryId, 0, ushort.MaxValue);
                writer.Int32(gallery.Skip);
                writer.Int32(gallery.Limit);
                if (gallery.After is { } after)
                {
                    version = WithAfter;
                    writer.Text("person id", after.PersonId, 1, Limits.IdBytes);
                    writer.Text("encounter id", after.EncounterId, 1, Limits.IdBytes);
                }

                break;
            case ReadQuery.Pictures one:
                version = WithPictures;
                writer.Byte(Pictures);
                writer.Text("person id", one.PersonId, 0, ushort.MaxValue);
                writer.Text("encounter id", one.EncounterId, 0, ushort.MaxValue);
                break;
            case ReadQuery.Probes probes:
                version = Newest;
                WriteProbes(writer, probes);
                break;
            default:
                throw new ArgumentException($"a query of type {query.GetType().Name}", nameof(query));
        }

        return FrameHeader.Seal(writer, FrameKind.ReadQuery, version);
    }

    /// <summary>The query in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<ReadQuery> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.ReadQuery, Newest) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        byte most = FrameHeader.VersionOf(frame) switch
        {
            1 => Gallery,
            WithAfter => GalleryAfter,
            WithPictures => Pictures,
            _ => Probes,
        };
        int kind = reader.Small("kind of query", Person, most);
        string name = reader.Text("name", 0, ushort.MaxValue);
        int at = reader.At;
        ReadQuery query = kind switch
        {
            Person => new ReadQuery.Person(name),
            Pictures => new ReadQuery.Pictures(name, reader.Text("encounter id", 0, ushort.MaxValue)),
            Probes => ReadProbes(ref reader, name),
            _ => new ReadQuery.Gallery(name, reader.Int32("skip"), reader.Int32("limit"))
            {
                After = kind == GalleryAfter ? new GalleryMember(
                    reader.Text("person id", 1, Limits.IdBytes), reader.Text("encounter id", 1, Limits.IdBytes)) : null,
            },
        };
        if (query is ReadQuery.Gallery { Skip: < 0 } or ReadQuery.Gallery { Limit: < 0 })
        {
            reader.Reject(at, "a negative page", "skip and limit of 0 or more");
        }

        reader.End();
        return reader.Rejection is { } rejection ? rejection : query;
    }

    private static void WriteProbes(FrameWriter writer, ReadQuery.Probes probes)
    {
        writer.Byte(Probes);
        writer.Text("gallery", probes.GalleryId, 0, ushort.MaxValue);
        writer.Int32(probes.Persons);
        writer.Byte((byte)((probes.After is null ? 0 : HasAfter) | (probes.Since is null ? 0 : HasSince)));
        if (probes.After is { } after)
        {
            writer.Text("person id", after, 1, Limits.IdBytes);
        }

        if (probes.Since is { } since)
        {
            writer.Int64(since.ToUnixTimeMilliseconds());
        }
    }

    private static ReadQuery.Probes ReadProbes(ref FrameReader reader, string gallery)
    {
        int at = reader.At;
        int persons = reader.Int32("persons");
        if (reader.Rejection is null && persons is < 1 or > Limits.ProbePagePersons)
        {
            reader.Reject(at, $"{persons} persons", $"1 to {Limits.ProbePagePersons}");
        }

        int presence = reader.Small("presence", 0, HasAfter | HasSince);
        string? after = (presence & HasAfter) != 0 ? reader.Text("person id", 1, Limits.IdBytes) : null;
        at = reader.At;
        long since = (presence & HasSince) != 0 ? reader.Int64("since") : 0;
        if (reader.Rejection is null && since is < 0 or > LastMillisecond)
        {
            reader.Reject(at, $"{since} milliseconds", $"0 to {LastMillisecond}");
            since = 0;
        }

        return new ReadQuery.Probes(gallery, persons)
        {
            After = after,
            Since = (presence & HasSince) != 0 && reader.Rejection is null
                ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null,
        };
    }
}

/// <summary>
/// The answer to a <see cref="ReadQueryFrame"/>. After the header: failure (see <see cref="FrameParts"/>),
/// gallery known (1), encounters (count 4, stored frames of length 4 and bytes), members (count 4, person and
/// encounter texts). Version 2, which is written only where there are some, ends with the bytes of pictures
/// (<see cref="PictureParts"/>); version 3, written where there are any, has probes instead (count 4; person and
/// encounter texts and the probe, <see cref="ProbeCodec"/>).
/// </summary>
public static class ReadAnswerFrame
{
    private const ushort WithPictures = 2;
    private const int MostMembers = 10_000_000;
    private const int MostProbes = Limits.ProbePagePersons * Limits.EncountersPerPerson;
    private const ushort WithProbes = 3;

    public static byte[] Encode(ReadAnswer answer)
    {
        FrameWriter writer = FrameHeader.Begin(4 * 1024);
        FrameParts.WriteFailure(writer, answer.Refusal, answer.Outage);
        writer.Byte((byte)(answer.GalleryKnown ? 1 : 0));
        writer.Count("encounters", answer.Encounters.Count, Limits.EncountersPerPerson);
        foreach (Encounter encounter in answer.Encounters)
        {
            writer.Bytes("encounter", EncounterCodec.Encode(encounter), 1, WriteBatchFrame.LargestEncounterBytes);
        }

        writer.Count("members", answer.Members.Count, MostMembers);
        foreach (GalleryMember member in answer.Members)
        {
            writer.Text("person id", member.PersonId, 1, Limits.IdBytes);
            writer.Text("encounter id", member.EncounterId, 1, Limits.IdBytes);
        }

        if (answer.Probes.Count > 0)
        {
            WriteProbes(writer, answer.Probes);
            return FrameHeader.Seal(writer, FrameKind.ReadAnswer, WithProbes);
        }

        if (!PictureParts.AreIn(answer.Encounters))
        {
            return FrameHeader.Seal(writer, FrameKind.ReadAnswer);
        }

        PictureParts.Write(writer, answer.Encounters);
        return FrameHeader.Seal(writer, FrameKind.ReadAnswer, WithPictures);
    }

    /// <summary>The answer in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<ReadAnswer> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.ReadAnswer, WithProbes) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        (Refusal? refusal, Outage? outage) = FrameParts.ReadFailure(ref reader);
        bool galleryKnown = reader.Small("gallery known", 0, 1) != 0;
        List<Encounter> encounters = ReadEncounters(ref reader);
        int count = reader.Count("members", MostMembers);
        List<GalleryMember> members = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string person = reader.Text("person id", 1, Limits.IdBytes);
            members.Add(new GalleryMember(person, reader.Text("encounter id", 1, Limits.IdBytes)));
        }

        int version = FrameHeader.VersionOf(frame);
        for (int i = 0; i < encounters.Count && version == WithPictures; i++)
        {
            encounters[i] = PictureParts.Read(ref reader, encounters[i]);
        }

        List<StoredProbe> probes = version == WithProbes ? ReadProbes(ref reader) : [];
        reader.End();
        return reader.Rejection is { } rejection
            ? rejection
            : new ReadAnswer
            {
                Refusal = refusal,
                Outage = outage,
                GalleryKnown = galleryKnown,
                Encounters = encounters,
                Members = members,
                Probes = probes,
            };
    }

    private static void WriteProbes(FrameWriter writer, IReadOnlyList<StoredProbe> probes)
    {
        writer.Count("probes", probes.Count, MostProbes);
        foreach (StoredProbe probe in probes)
        {
            writer.Text("person id", probe.PersonId, 1, Limits.IdBytes);
            writer.Text("encounter id", probe.EncounterId, 1, Limits.IdBytes);
            ProbeCodec.Write(writer, probe.Probe, encoders: true);
        }
    }

    private static List<StoredProbe> ReadProbes(ref FrameReader reader)
    {
        int count = reader.Count("probes", MostProbes);
        List<StoredProbe> probes = [];
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string person = reader.Text("person id", 1, Limits.IdBytes);
            string encounter = reader.Text("encounter id", 1, Limits.IdBytes);
            probes.Add(new StoredProbe(person, encounter, ProbeCodec.Read(ref reader, encoders: true)));
        }

        return probes;
    }

    private static List<Encounter> ReadEncounters(ref FrameReader reader)
    {
        int count = reader.Count("encounters", Limits.EncountersPerPerson);
        List<Encounter> encounters = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            if (FrameParts.ReadEncounter(ref reader) is { } encounter)
            {
                encounters.Add(encounter);
            }
        }

        return encounters;
    }
}
