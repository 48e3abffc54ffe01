using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;


namespace MatchCluster.Matching.Frames;

/// <summary>Writes on their way to a partition.</summary>
/// <remarks>
/// After the header: all or nothing (1), writes (count 4), each as kind (1) and: create 1, update 2: the
/// encounter's stored frame (length 4, bytes); status 3: person, encounter (texts), status (1); galleries 4:
/// person, encounter (texts), galleries (count 1, texts); delete 5: person, encounter (texts), presence (1),
/// record id (16) where present; delete person 6: person (text); leave 7: person, encounter (texts), record
/// id (16), the mark (<see cref="TransitCodec"/>), of all (4); arrive 8: the encounter's stored frame (length
/// 4, bytes); end of a move 9: person, encounter (texts), move (16), keep (1). Version 2, which is written only where
/// it is needed, has before the writes presence (1) and where it is 1 the owned galleries (count 4, texts), and the
/// kind legal hold 10: person, encounter (texts), held (1). Version 3, which is written only where it is needed, has
/// the kinds galleries without pictures 11, as 4, and erase pictures 12: person, encounter (texts); and after the
/// writes the bytes of their pictures (<see cref="PictureParts"/>).
/// Version 4 has all of that, and after the owned galleries the turns of galleries
/// (<see cref="FrameParts.WriteLeases"/>); it is written only where there are any. Version 5, which is written only
/// where it is needed, is version 4 with a byte before the turns, 1 where there are any, and has the kinds galleries
/// that keep opaque items 13, as 4, and such galleries without pictures 14.
/// </remarks>
public static class WriteBatchFrame
{
    /// <summary>A frame holds a few MiB at most; larger batches are sent as several frames.</summary>
    public const int LargestEncounterBytes = 8 * 1024 * 1024;

    private const ushort Unlimited = 1;
    private const ushort WithOwned = 2;
    private const ushort WithPictures = 3;
    private const ushort WithLeases = 4;
    private const ushort WithOpaque = 5;
    private const int MostOwned = 65_536;

    private const byte Create = 1;
    private const byte Update = 2;
    private const byte SetStatus = 3;
    private const byte SetGalleries = 4;
    private const byte Delete = 5;
    private const byte DeletePerson = 6;
    private const byte Leave = 7;
    private const byte Arrive = 8;
    private const byte EndMove = 9;
    private const byte SetHold = 10;
    private const byte SetGalleriesOnly = 11;
    private const byte ErasePictures = 12;
    private const byte SetGalleriesWithOpaque = 13;
    private const byte SetGalleriesWithOpaqueOnly = 14;

    public static byte[] Encode(WriteBatch batch)
    {
        FrameWriter writer = FrameHeader.Begin(16 * 1024);
        writer.Byte((byte)(batch.AllOrNothing ? 1 : 0));
        Encounter[] encounters = [.. batch.Writes.Select(write => write.Brought).OfType<Encounter>()];
        bool isFifth = batch.Writes.Any(write => write is Write.SetGalleries { KeepsOpaque: true });
        bool isFourth = batch.Leases.Count > 0;
        bool isThird = isFifth || isFourth || PictureParts.AreIn(encounters) || batch.Writes.Any(
            write => write is Write.ErasePictures or Write.SetGalleries { ErasesPictures: true });
        bool isSecond = isThird || batch.Owned is not null || batch.Writes.Any(write => write is Write.SetHold);
        if (isSecond)
        {
            writer.Byte((byte)(batch.Owned is null ? 0 : 1));
        }

        if (batch.Owned is { } owned)
        {
            writer.Count("owned galleries", owned.Count, MostOwned);
            foreach (string gallery in owned.Order(StringComparer.Ordinal))
            {
                writer.Text("gallery", gallery, 0, ushort.MaxValue);
            }
        }

        if (isFifth)
        {
            writer.Byte((byte)(isFourth ? 1 : 0));
        }

        if (isFourth)
        {
            FrameParts.WriteLeases(writer, batch.Leases);
        }

        writer.Count("writes", batch.Writes.Count, Limits.WritesPerBatch);
        foreach (Write write in batch.Writes)
        {
            Put(writer, write);
        }

        if (isThird)
        {
            PictureParts.Write(writer, encounters);
        }

        return FrameHeader.Seal(
            writer, FrameKind.WriteBatch,
            isFifth ? WithOpaque : isFourth ? WithLeases : isThird ? WithPictures : isSecond ? WithOwned : Unlimited);
    }

    /// <summary>The batch in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<WriteBatch> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.WriteBatch, WithOpaque) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        bool allOrNothing = reader.Small("all or nothing", 0, 1) != 0;
        HashSet<string>? owned = FrameHeader.VersionOf(frame) < WithOwned || reader.Small("presence", 0, 1) == 0
            ? null : TakeOwned(ref reader);
        IReadOnlyList<GalleryLease> leases =
            FrameHeader.VersionOf(frame) < WithLeases
            || (FrameHeader.VersionOf(frame) == WithOpaque && reader.Small("presence of turns", 0, 1) == 0)
                ? [] : FrameParts.ReadLeases(ref reader);
        int last = FrameHeader.VersionOf(frame) switch
        {
            Unlimited => EndMove,
            WithOwned => SetHold,
            WithOpaque => SetGalleriesWithOpaqueOnly,
            _ => ErasePictures,
        };
        int count = reader.Count("writes", Limits.WritesPerBatch);
        List<Write> writes = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            if (Take(ref reader, last) is { } write)
            {
                writes.Add(write);
            }
        }

        for (int i = 0; i < writes.Count && FrameHeader.VersionOf(frame) >= WithPictures; i++)
        {
            writes[i] = writes[i] switch
            {
                Write.Create create => new Write.Create(PictureParts.Read(ref reader, create.Encounter)),
                Write.Update update => new Write.Update(PictureParts.Read(ref reader, update.Encounter)),
                Write.Arrive arrive => new Write.Arrive(PictureParts.Read(ref reader, arrive.Encounter)),
                _ => writes[i],
            };
        }

        reader.End();
        return reader.Rejection is { } rejection ? rejection
            : new WriteBatch(writes, allOrNothing) { Owned = owned, Leases = leases };
    }

    private static HashSet<string> TakeOwned(ref FrameReader reader)
    {
        int count = reader.Count("owned galleries", MostOwned);
        HashSet<string> owned = new(StringComparer.Ordinal);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            owned.Add(reader.Text("gallery", 0, ushort.MaxValue));
        }

        return owned;
    }

    private static void Put(FrameWriter writer, Write write)
    {
        switch (write)
        {
            case Write.Create create:
                writer.Byte(Create);
                writer.Bytes("encounter", EncounterCodec.Encode(create.Encounter), 1, LargestEncounterBytes);
                break;
            case Write.Update update:
                writer.Byte(Update);
                writer.Bytes("encounter", EncounterCodec.Encode(update.Encounter), 1, LargestEncounterBytes);
                break;
            case Write.SetStatus set:
                PutIds(writer, SetStatus, set.Person, set.EncounterId);
                writer.Byte((byte)set.Status);
                break;
            case Write.SetGalleries set:
                PutIds(writer, KindOf(set), set.Person, set.EncounterId);
                writer.Small("number of galleries", set.Galleries.Count, 0, byte.MaxValue);
                foreach (string gallery in set.Galleries)
                {
                    writer.Text("gallery", gallery, 0, ushort.MaxValue);
                }

                break;
            case Write.Delete delete:
                PutIds(writer, Delete, delete.Person, delete.EncounterId);
                writer.Byte((byte)(delete.OnlyRecord is null ? 0 : 1));
                if (delete.OnlyRecord is { } record)
                {
                    writer.Guid(record);
                }

                break;
            case Write.SetHold hold:
                PutIds(writer, SetHold, hold.Person, hold.EncounterId);
                writer.Byte((byte)(hold.IsHeld ? 1 : 0));
                break;
            case Write.ErasePictures erase:
                PutIds(writer, ErasePictures, erase.Person, erase.EncounterId);
                break;
            case Write.DeletePerson person:
                writer.Byte(DeletePerson);
                writer.Text("person id", person.Person, 0, ushort.MaxValue);
                break;
            case Write.Arrive arrive:
                writer.Byte(Arrive);
                writer.Bytes("encounter", EncounterCodec.Encode(arrive.Encounter), 1, LargestEncounterBytes);
                break;
            case Write.Leave leave:
                PutIds(writer, Leave, leave.Person, leave.EncounterId);
                writer.Guid(leave.OnlyRecord);
                TransitCodec.Write(writer, leave.Transit);
                writer.Int32(leave.OfAll);
                break;
            case Write.EndMove end:
                PutIds(writer, EndMove, end.Person, end.EncounterId);
                writer.Guid(end.Move);
                writer.Byte((byte)(end.Keep ? 1 : 0));
                break;
            default:
                throw new ArgumentException($"a write of type {write.GetType().Name}", nameof(write));
        }
    }

    private static byte KindOf(Write.SetGalleries set) => set.KeepsOpaque
        ? set.ErasesPictures ? SetGalleriesWithOpaqueOnly : SetGalleriesWithOpaque
        : set.ErasesPictures ? SetGalleriesOnly : SetGalleries;

    private static void PutIds(FrameWriter writer, byte kind, string person, string encounter)
    {
        writer.Byte(kind);
        writer.Text("person id", person, 0, ushort.MaxValue);
        writer.Text("encounter id", encounter, 0, ushort.MaxValue);
    }

    private static Write? Take(ref FrameReader reader, int last)
    {
        int kind = reader.Small("kind of write", Create, last);
        if (kind is Create or Update or Arrive)
        {
            return FrameParts.ReadEncounter(ref reader) is not { } encounter ? null
                : kind == Create ? new Write.Create(encounter)
                : kind == Update ? new Write.Update(encounter)
                : new Write.Arrive(encounter);
        }

        string person = reader.Text("person id", 0, ushort.MaxValue);
        if (kind == DeletePerson)
        {
            return new Write.DeletePerson(person);
        }

        string id = reader.Text("encounter id", 0, ushort.MaxValue);
        return kind switch
        {
            SetStatus => new Write.SetStatus(person, id, (EncounterStatus)reader.Small("status", 1, 2)),
            SetGalleries => new Write.SetGalleries(person, id, TakeGalleries(ref reader)),
            SetGalleriesOnly or SetGalleriesWithOpaque or SetGalleriesWithOpaqueOnly =>
                new Write.SetGalleries(person, id, TakeGalleries(ref reader))
                {
                    ErasesPictures = kind != SetGalleriesWithOpaque,
                    KeepsOpaque = kind != SetGalleriesOnly,
                },
            ErasePictures => new Write.ErasePictures(person, id),
            Leave => new Write.Leave(
                person, id, reader.Guid("record id"), TransitCodec.Read(ref reader),
                reader.Int32("of all")),
            SetHold => new Write.SetHold(person, id, reader.Small("held", 0, 1) != 0),
            EndMove => new Write.EndMove(person, id, reader.Guid("move"), reader.Small("keep", 0, 1) != 0),
            _ => new Write.Delete(person, id, reader.Small("presence", 0, 1) != 0 ? reader.Guid("record id") : null),
        };
    }

    private static List<string> TakeGalleries(ref FrameReader reader)
    {
        int count = reader.Small("number of galleries", 0, byte.MaxValue);
        List<string> galleries = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            galleries.Add(reader.Text("gallery", 0, ushort.MaxValue));
        }

        return galleries;
    }
}

/// <summary>
/// The answer to a <see cref="WriteBatchFrame"/>: results (count 4), each its failure or none. Version 2 is written
/// only where one is forbidden, which no batch without owned galleries can be.
/// </summary>
public static class WriteAckFrame
{
    private const ushort WithForbidden = 2;

    public static byte[] Encode(WriteAck ack)
    {
        FrameWriter writer = FrameHeader.Begin(1024);
        writer.Count("results", ack.Results.Count, Limits.WritesPerBatch);
        foreach (WriteResult result in ack.Results)
        {
            FrameParts.WriteFailure(writer, result.Refusal, result.Outage);
        }

        return ack.Results.Any(result => result.Refusal?.Kind == RefusalKind.Forbidden)
            ? FrameHeader.Seal(writer, FrameKind.WriteAck, WithForbidden)
            : FrameHeader.Seal(writer, FrameKind.WriteAck);
    }

    /// <summary>The ack in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<WriteAck> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.WriteAck, WithForbidden) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        int count = reader.Count("results", Limits.WritesPerBatch);
        List<WriteResult> results = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            (Refusal? refusal, Outage? outage) = FrameParts.ReadFailure(ref reader);
            results.Add(new WriteResult(refusal, outage));
        }

        reader.End();
        return reader.Rejection is { } rejection ? rejection : new WriteAck(results);
    }
}
