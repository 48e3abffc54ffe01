namespace MatchCluster.Grains.Redis;

/// <summary>
/// The key of an encounter inside a partition: person id, 00 01, encounter id. A byte 00 of the person id is
/// written 00 FF, so that comparing members as bytes orders them by person id, then encounter id, and the
/// members of one person lie side by side.
/// </summary>
internal static class RedisMember
{
    private const byte Escaped = 0xFF;
    private const byte End = 0x01;
    private const byte BehindEnd = 0x02;

    public static byte[] Of(ReadOnlySpan<byte> personId, ReadOnlySpan<byte> encounterId) =>
        [.. Escape(personId), 0, End, .. encounterId];

    /// <summary>
    /// The range of one person's members as ZRANGEBYLEX wants it: from included, to excluded.
    /// </summary>
    public static (byte[] From, byte[] To) RangeOf(ReadOnlySpan<byte> personId)
    {
        byte[] escaped = Escape(personId);
        return ([(byte)'[', .. escaped, 0, End], [(byte)'(', .. escaped, 0, BehindEnd]);
    }

    /// <summary>
    /// The ids in a member. One that is none of ours comes back whole as the person id, for the report of a
    /// damaged record.
    /// </summary>
    public static (byte[] PersonId, byte[] EncounterId) Split(ReadOnlySpan<byte> member)
    {
        List<byte> person = new(member.Length);
        for (int i = 0; i < member.Length; i++)
        {
            if (member[i] != 0)
            {
                person.Add(member[i]);
            }
            else if (i + 1 < member.Length && member[i + 1] == End)
            {
                return ([.. person], member[(i + 2)..].ToArray());
            }
            else if (i + 1 < member.Length && member[i + 1] == Escaped)
            {
                person.Add(0);
                i++;
            }
            else
            {
                break;
            }
        }

        return (member.ToArray(), []);
    }

    private static byte[] Escape(ReadOnlySpan<byte> personId)
    {
        int zeros = personId.Count((byte)0);
        byte[] escaped = new byte[personId.Length + zeros];
        int at = 0;
        foreach (byte value in personId)
        {
            escaped[at++] = value;
            if (value == 0)
            {
                escaped[at++] = Escaped;
            }
        }

        return escaped;
    }
}
