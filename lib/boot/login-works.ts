import postgres from "postgres";

const INVALID_PASSWORD = "28P01";

/** Whether these credentials open the database; anything but a wrong password is thrown. */
export async function loginWorks(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, prepare: false });
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === INVALID_PASSWORD) return false;
    throw error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
